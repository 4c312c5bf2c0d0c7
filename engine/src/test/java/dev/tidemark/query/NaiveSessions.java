package dev.tidemark.query;

import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Cuts events into sessions, one event after the other. */
final class NaiveSessions {
    private static final long HALF_HOUR = 30 * 60 * 1000L;
    private static final long DAY = 24 * 60 * 60 * 1000L;

    private NaiveSessions() {}

    static List<List<StoredEvent>> of(List<StoredEvent> events) {
        Map<String, List<StoredEvent>> byId = new TreeMap<>();
        for (StoredEvent event : events) {
            String id = event.event().sessionId();
            if (id != null) {
                byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(event);
            }
        }
        List<List<StoredEvent>> sessions = new ArrayList<>();
        for (List<StoredEvent> mine : byId.values()) {
            mine.sort(Comparator.comparingLong(NaiveSessions::time));
            List<StoredEvent> session = new ArrayList<>();
            for (StoredEvent event : mine) {
                boolean over = !session.isEmpty()
                        && (time(event) - time(session.getLast()) > HALF_HOUR
                                || time(event) - time(session.getFirst()) > DAY);
                if (over) {
                    sessions.add(session);
                    session = new ArrayList<>();
                }
                session.add(event);
            }
            sessions.add(session);
        }
        return sessions;
    }

    /** The events that no other of the session is earlier than. */
    static List<StoredEvent> first(List<StoredEvent> session) {
        return session.stream()
                .filter(event -> time(event) == time(session.getFirst()))
                .toList();
    }

    static double seconds(List<StoredEvent> session) {
        return (time(session.getLast()) - time(session.getFirst())) / 1000.0;
    }

    static long time(StoredEvent event) {
        return event.event().timestampMillis();
    }
}
