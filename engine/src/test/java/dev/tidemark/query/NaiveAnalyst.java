package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers questions by looping over lists, straight from their JSON and from the rules. Shares no code with the query side. */
final class NaiveAnalyst {
    private final List<StoredEvent> events;
    private final JsonNode question;
    private final NaiveCalendar calendar;

    NaiveAnalyst(List<StoredEvent> events, JsonNode question, NaiveCalendar calendar) {
        this.events = events;
        this.question = question;
        this.calendar = calendar;
    }

    record Span(Instant start, Instant end) {
        boolean contains(StoredEvent event) {
            long millis = event.event().timestampMillis();
            return millis >= start.toEpochMilli() && millis < end.toEpochMilli();
        }
    }

    /** Label (null for the total), then "measure" or "measure (compared)", to values by bucket. */
    record Trend(List<Instant> times, Map<String, List<@Nullable Double>> lines) {}

    Trend trend() {
        List<Span> buckets = calendar.buckets();
        List<Span> compared = calendar.comparedBuckets();
        Span comparedRange = calendar.comparedRange();
        List<StoredEvent> here = looked(calendar.range());
        Map<String, List<@Nullable Double>> lines = new LinkedHashMap<>();
        List<@Nullable String> labels = new ArrayList<>();
        labels.add(null);
        List<String> top = List.of();
        String path = question.path("breakdown").path("property").asText();
        if (question.has("breakdown")) {
            top = top(here, path, question.path("breakdown").path("limit").asInt(10));
            labels.addAll(top);
            labels.add("$other");
            labels.add("$none");
        }
        for (String label : labels) {
            List<StoredEvent> mine = labelled(here, label, path, top);
            List<StoredEvent> before =
                    comparedRange == null ? List.of() : labelled(looked(comparedRange), label, path, top);
            before = before.stream()
                    .filter(event -> compared != null && compared.stream().anyMatch(span -> span.contains(event)))
                    .toList();
            if (label != null && mine.isEmpty() && before.isEmpty()) {
                continue;
            }
            for (JsonNode measure : question.get("measures")) {
                String name = measure.get("name").asText();
                lines.put(label + " " + name, values(measure, mine, buckets, buckets.size()));
                if (compared != null) {
                    lines.put(label + " " + name + " compared", values(measure, before, compared, buckets.size()));
                }
            }
        }
        return new Trend(buckets.stream().map(Span::start).toList(), lines);
    }

    private List<@Nullable Double> values(JsonNode measure, List<StoredEvent> from, List<Span> spans, int count) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i < spans.size()) {
                Span span = spans.get(i);
                values.add(value(measure, from.stream().filter(span::contains).toList()));
            } else {
                values.add(null);
            }
        }
        return values;
    }

    private List<String> top(List<StoredEvent> here, String path, int limit) {
        Map<String, List<StoredEvent>> byText = new LinkedHashMap<>();
        for (StoredEvent event : here) {
            String text = NaiveFilter.text(NaiveFilter.property(path, event));
            if (text != null) {
                byText.computeIfAbsent(text, _ -> new ArrayList<>()).add(event);
            }
        }
        JsonNode first = question.get("measures").get(0);
        Map<String, @Nullable Double> ranks = new LinkedHashMap<>();
        byText.forEach((text, mine) -> ranks.put(text, value(first, mine)));
        Comparator<String> byRank =
                Comparator.comparing(ranks::get, Comparator.nullsLast(Comparator.<Double>reverseOrder()));
        return byText.keySet().stream()
                .sorted(byRank.thenComparing(NaiveFilter::compareBytes))
                .limit(limit)
                .toList();
    }

    private static List<StoredEvent> labelled(
            List<StoredEvent> from, @Nullable String label, String path, List<String> top) {
        if (label == null) {
            return from;
        }
        List<StoredEvent> mine = new ArrayList<>();
        for (StoredEvent event : from) {
            String text = NaiveFilter.text(NaiveFilter.property(path, event));
            String own = text == null ? "$none" : top.contains(text) ? text : "$other";
            if (own.equals(label)) {
                mine.add(event);
            }
        }
        return mine;
    }

    List<@Nullable Double> metric(Span range) {
        List<@Nullable Double> values = new ArrayList<>();
        for (JsonNode measure : question.get("measures")) {
            values.add(value(measure, looked(range)));
        }
        return values;
    }

    /** Breakdown labels and values, all rows in order. */
    record Row(List<@Nullable String> labels, List<@Nullable Double> values) {}

    List<Row> table() {
        Map<List<@Nullable String>, List<StoredEvent>> groups = new LinkedHashMap<>();
        for (StoredEvent event : looked(calendar.range())) {
            List<@Nullable String> key = new ArrayList<@Nullable String>();
            for (JsonNode path : question.get("breakdowns")) {
                key.add(NaiveFilter.text(NaiveFilter.property(path.asText(), event)));
            }
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(event);
        }
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<List<@Nullable String>, List<StoredEvent>> group : groups.entrySet()) {
            List<@Nullable Double> values = new ArrayList<>();
            for (JsonNode measure : question.get("measures")) {
                values.add(value(measure, group.getValue()));
            }
            rows.add(new Row(group.getKey(), values));
        }
        rows.sort(order());
        return rows;
    }

    private Comparator<Row> order() {
        JsonNode sort = question.path("sort");
        boolean descending = sort.path("direction").asText("desc").equals("desc");
        Comparator<Row> order;
        if (sort.has("breakdown")) {
            int index = 0;
            for (int i = 0; i < question.get("breakdowns").size(); i++) {
                if (question.get("breakdowns")
                        .get(i)
                        .asText()
                        .equals(sort.get("breakdown").asText())) {
                    index = i;
                }
            }
            int column = index;
            Comparator<String> texts = NaiveFilter::compareBytes;
            order = Comparator.comparing(
                    row -> row.labels().get(column), Comparator.nullsLast(descending ? texts.reversed() : texts));
        } else {
            int index = 0;
            for (int i = 0; i < question.get("measures").size(); i++) {
                if (question.get("measures").get(i).get("name").equals(sort.path("measure"))) {
                    index = i;
                }
            }
            int column = index;
            Comparator<Double> numbers = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
            order = Comparator.comparing(row -> row.values().get(column), Comparator.nullsLast(numbers));
        }
        for (int i = 0; i < question.get("breakdowns").size(); i++) {
            int column = i;
            order = order.thenComparing(
                    row -> row.labels().get(column), Comparator.nullsLast(NaiveFilter::compareBytes));
        }
        return order;
    }

    /** The events of a range that the filter lets through and one measure at least looks at. */
    private List<StoredEvent> looked(Span range) {
        List<StoredEvent> looked = new ArrayList<>();
        for (StoredEvent event : events) {
            if (range.contains(event) && NaiveFilter.holds(question.get("filter"), event)) {
                for (JsonNode measure : question.get("measures")) {
                    if (!measure.has("formula") && counts(measure, event)) {
                        looked.add(event);
                        break;
                    }
                }
            }
        }
        return looked;
    }

    static boolean counts(JsonNode measure, StoredEvent event) {
        JsonNode types = measure.get("event");
        boolean right = types == null || types.asText().equals(event.event().type());
        if (types != null && types.isArray()) {
            for (JsonNode type : types) {
                right |= type.asText().equals(event.event().type());
            }
        }
        return right && NaiveFilter.holds(measure.get("filter"), event);
    }

    @Nullable
    Double value(JsonNode measure, List<StoredEvent> all) {
        if (measure.has("formula")) {
            return formula(measure.get("formula").asText(), all);
        }
        List<StoredEvent> mine =
                all.stream().filter(event -> counts(measure, event)).toList();
        String path = measure.path("property").asText();
        return switch (measure.get("measure").asText()) {
            case "events" -> (double) mine.size();
            case "users" -> (double) persons(mine).size();
            case "sessions" -> (double) distinct("session_id", mine).size();
            case "distinct" -> (double) distinct(path, mine).size();
            case "events_per_user" -> {
                long ofPersons = mine.stream()
                        .filter(event ->
                                event.event().userId() != null || event.event().anonymousId() != null)
                        .count();
                yield ofPersons == 0
                        ? null
                        : (Double) (ofPersons / (double) persons(mine).size());
            }
            default -> numeric(measure.get("measure").asText(), path, mine);
        };
    }

    /** Only the form that the random questions have: {@code (a + 2 * b) / c}. */
    private @Nullable Double formula(String text, List<StoredEvent> all) {
        List<String> names = Pattern.compile("[mf]\\d?")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
        List<@Nullable Double> values = new ArrayList<>();
        for (String name : names) {
            for (JsonNode measure : question.get("measures")) {
                if (measure.get("name").asText().equals(name)) {
                    values.add(value(measure, all));
                }
            }
        }
        Double a = values.get(0);
        Double b = values.get(1);
        Double c = values.get(2);
        return a == null || b == null || c == null || c == 0 ? null : (Double) ((a + 2 * b) / c);
    }

    static Set<String> persons(List<StoredEvent> from) {
        Set<String> persons = new HashSet<>();
        for (StoredEvent event : from) {
            String user = event.event().userId();
            String anonymous = event.event().anonymousId();
            if (user != null) {
                persons.add("user " + user);
            } else if (anonymous != null) {
                persons.add("anonymous " + anonymous);
            }
        }
        return persons;
    }

    private static Set<String> distinct(String path, List<StoredEvent> from) {
        Set<String> texts = new HashSet<>();
        for (StoredEvent event : from) {
            String text = NaiveFilter.text(NaiveFilter.property(path, event));
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static @Nullable Double numeric(String function, String path, List<StoredEvent> from) {
        List<Double> numbers = new ArrayList<>();
        for (StoredEvent event : from) {
            if (NaiveFilter.property(path, event) instanceof Double number) {
                numbers.add(number + 0.0);
            }
        }
        numbers.sort(Comparator.naturalOrder());
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        if (function.equals("sum")) {
            return sum;
        }
        if (numbers.isEmpty()) {
            return null;
        }
        return switch (function) {
            case "avg" -> sum / numbers.size();
            case "min" -> numbers.getFirst();
            case "max" -> numbers.getLast();
            case "median" -> percentile(numbers, 50);
            default -> percentile(numbers, Integer.parseInt(function.substring(1)));
        };
    }

    private static double percentile(List<Double> sorted, int percent) {
        double rank = percent * (sorted.size() - 1) / 100.0;
        int low = (int) Math.floor(rank);
        int high = (int) Math.ceil(rank);
        return sorted.get(low) + (rank - low) * (sorted.get(high) - sorted.get(low));
    }
}
