package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of paths, session by session. What an event is called is {@code =text}, or {@code $none}. */
final class NaivePaths {
    private static final long PAUSE = 30 * 60_000L;
    private static final long DAY = 24 * 60 * 60_000L;
    private static final String NONE = "$none";
    private static final String OTHER = "$other";

    private final List<StoredEvent> events;
    private final JsonNode question;
    private final long rangeStart;
    private final long rangeEnd;
    private final int steps;
    private final int limit;

    NaivePaths(List<StoredEvent> events, JsonNode question) {
        this.events = events;
        this.question = question;
        NaiveAnalyst.Span range = new NaiveCalendar(question, DayOfWeek.MONDAY).range();
        this.rangeStart = range.start().toEpochMilli();
        this.rangeEnd = range.end().toEpochMilli();
        this.steps = question.get("steps").asInt();
        this.limit = question.get("limit").asInt();
    }

    /**
     * What is to be found.
     *
     * @param paths nearest to the anchor first, with their counts, in order
     * @param links as {@code step from to}
     */
    record Found(long total, List<String> paths, Map<String, Long> links, List<Long> ended) {}

    Found found() {
        List<List<String>> walks = walks().stream().map(Walk::names).toList();
        List<Long> ended = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            int length = step;
            ended.add(walks.stream().filter(walk -> walk.size() == length).count());
        }
        return new Found(walks.size(), paths(walks), links(walks), ended);
    }

    /** A walk with the ids of its events. */
    private record Walk(List<String> names, List<String> ids) {}

    /**
     * The ids of the events behind each number: of {@code path [names]}, {@code step from to}, {@code step from}, {@code step to},
     * {@code step ended}, and {@code step} for all who came so far.
     */
    Map<String, Set<String>> behind() {
        List<Walk> walks = walks();
        List<List<String>> all = walks.stream().map(Walk::names).toList();
        Map<String, Set<String>> behind = new TreeMap<>();
        for (Walk walk : walks) {
            int length = walk.names.size();
            if (length == steps + 1) {
                put(behind, "path " + walk.names.subList(1, length), walk.ids.get(steps));
            }
            for (int step = 1; step <= Math.min(steps, length); step++) {
                String from = shown(all, step - 1, walk.names.get(step - 1));
                put(behind, step + "", walk.ids.get(step - 1));
                put(behind, step + " from " + from, walk.ids.get(step - 1));
                if (length == step) {
                    put(behind, step + " ended", walk.ids.get(step - 1));
                } else {
                    String to = shown(all, step, walk.names.get(step));
                    put(behind, step + " to " + to, walk.ids.get(step));
                    put(behind, step + " " + from + " to " + to, walk.ids.get(step));
                }
            }
        }
        return behind;
    }

    private static void put(Map<String, Set<String>> behind, String number, String id) {
        behind.computeIfAbsent(number, _ -> new TreeSet<>()).add(id);
    }

    private List<Walk> walks() {
        List<Walk> walks = new ArrayList<>();
        for (List<StoredEvent> session : sessions()) {
            List<StoredEvent> away = isBefore() ? session.reversed() : session;
            int anchor = 0;
            while (anchor < away.size() && !isAnchor(away.get(anchor))) {
                anchor++;
            }
            if (anchor < away.size() && isInRange(away.get(anchor))) {
                walks.add(walk(away.subList(anchor, away.size())));
            }
        }
        return walks;
    }

    private boolean isBefore() {
        return question.path("direction").asText().equals("before");
    }

    private boolean isInRange(StoredEvent event) {
        return millis(event) >= rangeStart && millis(event) < rangeEnd;
    }

    private static long millis(StoredEvent event) {
        return event.event().timestampMillis();
    }

    private List<List<StoredEvent>> sessions() {
        Map<String, List<StoredEvent>> byId = new LinkedHashMap<>();
        for (StoredEvent event : events) {
            String id = event.event().sessionId();
            if (id != null
                    && millis(event) >= rangeStart - DAY
                    && millis(event) < rangeEnd + DAY
                    && NaiveFilter.holds(question.get("filter"), event)) {
                byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(event);
            }
        }
        List<List<StoredEvent>> sessions = new ArrayList<>();
        for (List<StoredEvent> ofId : byId.values()) {
            ofId.sort(Comparator.comparingLong(NaivePaths::millis)
                    .thenComparing(event -> event.address().partition())
                    .thenComparing(event -> event.address().offset()));
            List<StoredEvent> session = new ArrayList<>();
            for (StoredEvent event : ofId) {
                if (!session.isEmpty()
                        && (millis(event) - millis(session.getLast()) > PAUSE
                                || millis(event) - millis(session.getFirst()) > DAY)) {
                    sessions.add(session);
                    session = new ArrayList<>();
                }
                session.add(event);
            }
            sessions.add(session);
        }
        return sessions;
    }

    private boolean isAnchor(StoredEvent event) {
        JsonNode anchor = question.get("anchor");
        JsonNode types = anchor.get("event");
        boolean listed = types == null || types.asText().equals(event.event().type());
        if (types != null && types.isArray()) {
            for (JsonNode type : types) {
                listed |= type.asText().equals(event.event().type());
            }
        }
        return listed && NaiveFilter.holds(anchor.get("filter"), event);
    }

    private Walk walk(List<StoredEvent> away) {
        List<String> walk = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (StoredEvent event : away) {
            String text =
                    NaiveFilter.text(NaiveFilter.property(question.get("by").asText(), event));
            String name = text == null ? NONE : "=" + text;
            boolean repeats = !walk.isEmpty() && walk.getLast().equals(name);
            if (walk.size() <= steps
                    && !(repeats && question.path("repeats").asText().equals("collapse"))) {
                walk.add(name);
                ids.add(event.event().id().value());
            }
        }
        return new Walk(walk, ids);
    }

    /** The order of names: by their bytes, then absence. */
    private static int compare(String left, String right) {
        if (left.equals(NONE) || right.equals(NONE)) {
            return Boolean.compare(left.equals(NONE), right.equals(NONE));
        }
        return NaiveFilter.compareBytes(left, right);
    }

    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            int compared = compare(left.get(i), right.get(i));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private List<String> paths(List<List<String>> walks) {
        Map<List<String>, Long> counts = new HashMap<>();
        for (List<String> walk : walks) {
            if (walk.size() == steps + 1) {
                counts.merge(walk.subList(1, walk.size()), 1L, Long::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Long>comparingByValue()
                        .reversed()
                        .thenComparing((left, right) -> compare(left.getKey(), right.getKey())))
                .limit(limit)
                .map(path -> path.getKey() + " " + path.getValue())
                .toList();
    }

    private Map<String, Long> links(List<List<String>> walks) {
        Map<String, Long> links = new TreeMap<>();
        for (int step = 1; step <= steps; step++) {
            for (List<String> walk : walks) {
                if (walk.size() > step) {
                    String from = shown(walks, step - 1, walk.get(step - 1));
                    links.merge(step + " " + from + " " + shown(walks, step, walk.get(step)), 1L, Long::sum);
                }
            }
        }
        return links;
    }

    /** A name if it is among the most common at its place in all walks. */
    private String shown(List<List<String>> walks, int place, @Nullable String name) {
        Map<String, Long> counts = new TreeMap<>(NaiveFilter::compareBytes);
        for (List<String> walk : walks) {
            if (walk.size() > place && !walk.get(place).equals(NONE)) {
                counts.merge(walk.get(place), 1L, Long::sum);
            }
        }
        List<String> ranked = new ArrayList<>(counts.keySet());
        ranked.sort(Comparator.comparingLong(one -> -counts.getOrDefault(one, 0L)));
        return NONE.equals(name) || ranked.indexOf(name) < limit ? String.valueOf(name) : OTHER;
    }
}
