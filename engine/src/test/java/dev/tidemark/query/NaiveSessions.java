package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Cuts events into sessions, one event after the other, and measures them. */
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

    /** What a measure says of some sessions. */
    static @Nullable Double number(JsonNode measure, List<List<StoredEvent>> sessions) {
        if (sessions.isEmpty()) {
            return null;
        }
        double[] seconds =
                sessions.stream().mapToDouble(NaiveSessions::seconds).sorted().toArray();
        List<String> conversion = new ArrayList<>();
        JsonNode named = measure.path("conversion");
        if (named.isTextual()) {
            conversion.add(named.asText());
        }
        named.forEach(type -> conversion.add(type.asText()));
        double all = sessions.size();
        return switch (measure.get("measure").asText()) {
            case "session_duration" -> Arrays.stream(seconds).sum() / all;
            case "median_session_duration" -> percentile(seconds, 0.5);
            case "p90_session_duration" -> percentile(seconds, 0.9);
            case "bounce_rate" ->
                sessions.stream().filter(session -> session.size() == 1).count() / all;
            case "events_per_session" -> sessions.stream().mapToInt(List::size).sum() / all;
            case "pages_per_session" ->
                sessions.stream().mapToLong(NaiveSessions::pages).sum() / all;
            default ->
                sessions.stream()
                                .filter(session -> seconds(session) > 10
                                        || pages(session) >= 2
                                        || session.stream()
                                                .anyMatch(event -> conversion.contains(
                                                        event.event().type())))
                                .count()
                        / all;
        };
    }

    private static long pages(List<StoredEvent> session) {
        return session.stream()
                .filter(event -> event.event().type().equals("page_view"))
                .count();
    }

    private static double percentile(double[] sorted, double level) {
        double rank = level * (sorted.length - 1);
        int low = (int) Math.floor(rank);
        int high = (int) Math.ceil(rank);
        return sorted[low] + (rank - low) * (sorted[high] - sorted[low]);
    }
}
