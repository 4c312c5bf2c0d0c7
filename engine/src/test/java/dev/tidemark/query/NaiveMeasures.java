package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Measures of every kind side by side, each number found by itself from all events. Shares no code with the query side. */
final class NaiveMeasures {
    private static final List<String> TRAILING = List.of("dau", "wau", "mau", "stickiness");
    private static final List<String> SESSIONS = List.of(
            "session_duration",
            "median_session_duration",
            "p90_session_duration",
            "bounce_rate",
            "engagement_rate",
            "events_per_session",
            "pages_per_session");
    private static final long DAY = 24 * 60 * 60 * 1000L;

    private final List<StoredEvent> events;
    private final JsonNode question;
    private final NaiveCalendar calendar;
    private final NaiveAnalyst analyst;
    private final ZoneId zone;
    private final Instant now;

    NaiveMeasures(List<StoredEvent> events, JsonNode question, NaiveCalendar calendar, Instant now) {
        this.events = events.stream()
                .filter(event -> NaiveFilter.holds(question.get("filter"), event))
                .toList();
        this.question = question;
        this.calendar = calendar;
        this.analyst = new NaiveAnalyst(events, question, calendar);
        this.zone = ZoneId.of(question.get("zone").asText());
        this.now = now;
    }

    /** Where a number is looked for: a bucket of a range, or the range itself. */
    private record Cell(NaiveAnalyst.Span bucket, NaiveAnalyst.Span range) {
        boolean contains(StoredEvent event) {
            return bucket.contains(event) && range.contains(event);
        }
    }

    /** Breakdown values that something has, null for an absent one. */
    private record Key(List<@Nullable String> values) {}

    private List<JsonNode> measures() {
        List<JsonNode> measures = new ArrayList<>();
        question.get("measures").forEach(measures::add);
        return measures;
    }

    NaiveAnalyst.Trend trend() {
        NaiveAnalyst.Span range = calendar.range();
        List<Cell> cells =
                calendar.buckets().stream().map(span -> new Cell(span, range)).toList();
        List<Cell> compared = compared();
        List<String> paths = question.has("breakdown")
                ? List.of(question.path("breakdown").path("property").asText())
                : List.of();
        Map<String, List<@Nullable Double>> lines = new LinkedHashMap<>();
        addLines(lines, "null", cells, compared, paths, _ -> true);
        if (question.has("breakdown")) {
            List<String> top =
                    top(paths, range, question.path("breakdown").path("limit").asInt(10));
            Set<Key> present = new HashSet<>();
            cells.forEach(cell -> present.addAll(keys(cell, paths)));
            compared.forEach(cell -> present.addAll(keys(cell, paths)));
            List<String> labels = new ArrayList<>(top);
            labels.add("$other");
            labels.add("$none");
            for (String label : labels) {
                Predicate<Key> mine = key -> label.equals(label(key, top));
                if (present.stream().anyMatch(mine)) {
                    addLines(lines, label, cells, compared, paths, mine);
                }
            }
        }
        return new NaiveAnalyst.Trend(
                cells.stream().map(cell -> cell.bucket().start()).toList(), lines);
    }

    private static String label(Key key, List<String> top) {
        String text = key.values().getFirst();
        return text == null ? "$none" : top.contains(text) ? text : "$other";
    }

    private List<Cell> compared() {
        List<NaiveAnalyst.Span> spans = calendar.comparedBuckets();
        NaiveAnalyst.Span range = calendar.comparedRange();
        if (spans == null || range == null) {
            return List.of();
        }
        Instant last = spans.getLast().end();
        NaiveAnalyst.Span cut = new NaiveAnalyst.Span(range.start(), range.end().isBefore(last) ? range.end() : last);
        return spans.stream().map(span -> new Cell(span, cut)).toList();
    }

    private void addLines(
            Map<String, List<@Nullable Double>> lines,
            String label,
            List<Cell> cells,
            List<Cell> compared,
            List<String> paths,
            Predicate<Key> mine) {
        for (JsonNode measure : measures()) {
            String name = label + " " + measure.get("name").asText();
            lines.put(name, values(measure, cells, cells.size(), paths, mine));
            if (!compared.isEmpty()) {
                lines.put(name + " compared", values(measure, compared, cells.size(), paths, mine));
            }
        }
    }

    private List<@Nullable Double> values(
            JsonNode measure, List<Cell> cells, int count, List<String> paths, Predicate<Key> mine) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(i < cells.size() ? value(measure, cells.get(i), paths, mine) : null);
        }
        return values;
    }

    private List<String> top(List<String> paths, NaiveAnalyst.Span range, int limit) {
        Cell whole = new Cell(range, range);
        Map<String, @Nullable Double> ranks = new LinkedHashMap<>();
        for (Key key : keys(whole, paths)) {
            String text = key.values().getFirst();
            if (text != null) {
                ranks.put(text, value(measures().getFirst(), whole, paths, key::equals));
            }
        }
        Comparator<String> byRank =
                Comparator.comparing(ranks::get, Comparator.nullsLast(Comparator.<Double>reverseOrder()));
        return ranks.keySet().stream()
                .sorted(byRank.thenComparing(NaiveFilter::compareBytes))
                .limit(limit)
                .toList();
    }

    List<@Nullable Double> metric(NaiveAnalyst.Span range) {
        List<@Nullable Double> values = new ArrayList<>();
        for (JsonNode measure : measures()) {
            values.add(value(measure, new Cell(range, range), List.of(), _ -> true));
        }
        return values;
    }

    NaiveAnalyst.Span range() {
        return calendar.range();
    }

    /** All rows, in no order. */
    Map<List<@Nullable String>, List<@Nullable Double>> table() {
        List<String> paths = new ArrayList<>();
        question.get("breakdowns").forEach(path -> paths.add(path.asText()));
        Cell whole = new Cell(calendar.range(), calendar.range());
        Map<List<@Nullable String>, List<@Nullable Double>> rows = new LinkedHashMap<>();
        for (Key key : keys(whole, paths)) {
            List<@Nullable Double> values = new ArrayList<>();
            for (JsonNode measure : measures()) {
                values.add(value(measure, whole, paths, key::equals));
            }
            rows.put(key.values(), values);
        }
        return rows;
    }

    /** The combinations of breakdown values of all that some measure looks at. */
    private Set<Key> keys(Cell cell, List<String> paths) {
        Set<Key> keys = new LinkedHashSet<>();
        int lookback = 0;
        for (JsonNode measure : measures()) {
            lookback = Math.max(lookback, days(measure.path("measure").asText()));
        }
        for (JsonNode measure : measures()) {
            String word = measure.path("measure").asText();
            if (SESSIONS.contains(word)) {
                sessions(measure, cell).forEach(session -> keys.add(keyOfSession(session, paths)));
            } else if (TRAILING.contains(word)) {
                trailing(measure, cell, lookback).forEach(event -> keys.add(key(event, paths)));
            } else if (!measure.has("formula")) {
                events.stream()
                        .filter(event -> cell.contains(event) && NaiveAnalyst.counts(measure, event))
                        .forEach(event -> keys.add(key(event, paths)));
            }
        }
        return keys;
    }

    private static Key key(StoredEvent event, List<String> paths) {
        List<@Nullable String> values = new ArrayList<>();
        for (String path : paths) {
            values.add(NaiveFilter.text(NaiveFilter.property(path, event)));
        }
        return new Key(values);
    }

    /** That of the first event; of several at the same time the least, an absent value being the greatest. */
    private static Key keyOfSession(List<StoredEvent> session, List<String> paths) {
        Comparator<Key> order = (one, other) -> {
            for (int i = 0; i < paths.size(); i++) {
                int way = Comparator.nullsLast(NaiveFilter::compareBytes)
                        .compare(one.values().get(i), other.values().get(i));
                if (way != 0) {
                    return way;
                }
            }
            return 0;
        };
        return NaiveSessions.first(session).stream()
                .map(event -> key(event, paths))
                .min(order)
                .orElseThrow();
    }

    private @Nullable Double value(JsonNode measure, Cell cell, List<String> paths, Predicate<Key> mine) {
        if (measure.has("formula")) {
            return formula(measure.get("formula").asText(), cell, paths, mine);
        }
        String word = measure.get("measure").asText();
        if (SESSIONS.contains(word)) {
            List<List<StoredEvent>> sessions = sessions(measure, cell).stream()
                    .filter(session -> mine.test(keyOfSession(session, paths)))
                    .toList();
            return ofSessions(measure, sessions);
        }
        if (TRAILING.contains(word)) {
            if (stand(cell) == null) {
                return null;
            }
            if (word.equals("stickiness")) {
                int monthly = persons(trailing(measure, cell, 30), paths, mine);
                return monthly == 0
                        ? null
                        : (Double) (persons(trailing(measure, cell, 1), paths, mine) / (double) monthly);
            }
            return (double) persons(trailing(measure, cell, days(word)), paths, mine);
        }
        if (word.equals("active_users_now")) {
            Instant until = activeUntil(cell);
            return (double) persons(
                    events.stream()
                            .filter(event -> NaiveAnalyst.counts(measure, event)
                                    && NaiveSessions.time(event)
                                            >= until.toEpochMilli()
                                                    - measure.path("minutes").asInt(5) * 60_000L
                                    && NaiveSessions.time(event) < until.toEpochMilli())
                            .toList(),
                    paths,
                    mine);
        }
        return analyst.value(
                measure,
                events.stream()
                        .filter(event -> cell.contains(event) && mine.test(key(event, paths)))
                        .toList());
    }

    /** Now, or the same so much earlier as the comparison says; the previous period is that of the longest window of all. */
    private Instant activeUntil(Cell cell) {
        if (cell.range().equals(calendar.range())) {
            return now;
        }
        int longest = measures().stream()
                .filter(measure -> measure.path("measure").asText().equals("active_users_now"))
                .mapToInt(measure -> measure.path("minutes").asInt(5))
                .max()
                .orElse(0);
        return switch (question.get("compare").asText()) {
            case "week" -> now.atZone(zone).minusWeeks(1).toInstant();
            case "month" -> now.atZone(zone).minusMonths(1).toInstant();
            default -> now.minusSeconds(60L * longest);
        };
    }

    private @Nullable Double formula(String text, Cell cell, List<String> paths, Predicate<Key> mine) {
        List<@Nullable Double> values = new ArrayList<>();
        for (MatchResult name : Pattern.compile("m\\d").matcher(text).results().toList()) {
            for (JsonNode measure : measures()) {
                if (measure.get("name").asText().equals(name.group())) {
                    values.add(value(measure, cell, paths, mine));
                }
            }
        }
        Double a = values.get(0);
        Double b = values.get(1);
        Double c = values.get(2);
        return a == null || b == null || c == null || c == 0 ? null : (Double) ((a + 2 * b) / c);
    }

    private static int days(String word) {
        return switch (word) {
            case "dau" -> 1;
            case "wau" -> 7;
            case "mau", "stickiness" -> 30;
            default -> 0;
        };
    }

    /** The last day of the bucket that lies in the range and has begun. A start in mid-day counts as its day. */
    private @Nullable LocalDate stand(Cell cell) {
        Instant end = cell.bucket().end().isBefore(cell.range().end())
                ? cell.bucket().end()
                : cell.range().end();
        LocalDate day = end.minusMillis(1).atZone(zone).toLocalDate();
        Instant start = cell.bucket().start().isAfter(cell.range().start())
                ? cell.bucket().start()
                : cell.range().start();
        LocalDate first = start.atZone(zone).toLocalDate();
        while (day.atStartOfDay(zone).toInstant().isAfter(now)) {
            day = day.minusDays(1);
        }
        return day.isBefore(first) ? null : day;
    }

    private List<StoredEvent> trailing(JsonNode measure, Cell cell, int days) {
        LocalDate stand = stand(cell);
        List<StoredEvent> found = new ArrayList<>();
        for (StoredEvent event : events) {
            if (stand != null && NaiveAnalyst.counts(measure, event)) {
                LocalDate day = Instant.ofEpochMilli(NaiveSessions.time(event))
                        .atZone(zone)
                        .toLocalDate();
                if (!day.isAfter(stand) && day.isAfter(stand.minusDays(days))) {
                    found.add(event);
                }
            }
        }
        return found;
    }

    private static int persons(List<StoredEvent> from, List<String> paths, Predicate<Key> mine) {
        return NaiveAnalyst.persons(from.stream()
                        .filter(event -> mine.test(key(event, paths)))
                        .toList())
                .size();
    }

    /** Those that begin in the cell and hold an event that the measure looks at. */
    private List<List<StoredEvent>> sessions(JsonNode measure, Cell cell) {
        long from = cell.range().start().toEpochMilli() - DAY;
        long to = cell.range().end().toEpochMilli() + DAY;
        List<StoredEvent> around = events.stream()
                .filter(event -> NaiveSessions.time(event) >= from && NaiveSessions.time(event) < to)
                .toList();
        return NaiveSessions.of(around).stream()
                .filter(session -> cell.contains(session.getFirst())
                        && session.stream().anyMatch(event -> NaiveAnalyst.counts(measure, event)))
                .toList();
    }

    private static @Nullable Double ofSessions(JsonNode measure, List<List<StoredEvent>> sessions) {
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
                sessions.stream().mapToLong(NaiveMeasures::pages).sum() / all;
            default ->
                sessions.stream()
                                .filter(session -> NaiveSessions.seconds(session) > 10
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
