package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of funnels by loops over lists and by trying everything out, straight from the question's JSON. */
final class NaiveFunnel {
    private final JsonNode question;
    private final NaiveCalendar calendar;
    private final JsonNode steps;
    private final long windowMillis;
    private final Map<Object, List<StoredEvent>> units = new LinkedHashMap<>();

    NaiveFunnel(List<StoredEvent> events, JsonNode question, NaiveCalendar calendar) {
        this.question = question;
        this.calendar = calendar;
        this.steps = question.get("steps");
        this.windowMillis = window(question.path("window").asText("7d"));
        for (StoredEvent event : events) {
            Object unit = is("count", "sessions")
                    ? event.event().sessionId()
                    : event.person() == 0 ? null : (Object) event.person();
            if (unit != null && NaiveFilter.holds(question.get("filter"), event)) {
                units.computeIfAbsent(unit, _ -> new ArrayList<>()).add(event);
            }
        }
    }

    private static long window(String text) {
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return count
                * switch (text.charAt(text.length() - 1)) {
                    case 's' -> 1_000L;
                    case 'm' -> 60_000L;
                    case 'h' -> 3_600_000L;
                    case 'd' -> 86_400_000L;
                    default -> 7 * 86_400_000L;
                };
    }

    private boolean is(String member, String word) {
        return question.path(member).asText().equals(word);
    }

    /** One try of a unit. The times are of the steps that count. */
    record Attempt(Object unit, List<Long> times, @Nullable String value, long freeFrom) {
        int level() {
            return times.size();
        }
    }

    /** All that count. */
    List<Attempt> attempts() {
        NaiveAnalyst.Span range = calendar.range();
        return attempts(range.start().toEpochMilli(), range.end().toEpochMilli());
    }

    /** By bucket, those that count of a funnel with the bucket as its range. */
    List<List<Attempt>> overTime() {
        long start = calendar.range().start().toEpochMilli();
        long end = calendar.range().end().toEpochMilli();
        List<List<Attempt>> buckets = new ArrayList<>();
        for (NaiveAnalyst.Span bucket : calendar.buckets()) {
            buckets.add(attempts(
                    Math.max(start, bucket.start().toEpochMilli()),
                    Math.min(end, bucket.end().toEpochMilli())));
        }
        return buckets;
    }

    private List<Attempt> attempts(long start, long end) {
        List<Attempt> counted = new ArrayList<>();
        for (Map.Entry<Object, List<StoredEvent>> unit : units.entrySet()) {
            TreeSet<Long> entries = new TreeSet<>();
            for (StoredEvent event : unit.getValue()) {
                long at = event.event().timestampMillis();
                if (at >= start && at < end && begins(event)) {
                    entries.add(at);
                }
            }
            Attempt best = null;
            long freeFrom = Long.MIN_VALUE;
            for (long entry : entries) {
                Attempt attempt = attempt(unit.getKey(), unit.getValue(), entry);
                if (is("count", "totals")) {
                    if (entry >= freeFrom) {
                        counted.add(attempt);
                        freeFrom = attempt.freeFrom();
                    }
                } else if (best == null || attempt.level() > best.level()) {
                    best = attempt;
                }
                if (is("entry", "first_entry")) {
                    break;
                }
            }
            if (best != null) {
                counted.add(best);
            }
        }
        return counted;
    }

    private boolean begins(StoredEvent event) {
        for (int step = 1; step <= steps.size(); step++) {
            if (serves(event, step)) {
                return true;
            }
            if (!is("order", "any")) {
                return false;
            }
        }
        return false;
    }

    private Attempt attempt(Object unit, List<StoredEvent> events, long entry) {
        TreeSet<Long> moments = new TreeSet<>();
        for (StoredEvent event : events) {
            moments.add(event.event().timestampMillis());
        }
        List<Long> times = new ArrayList<>();
        List<StoredEvent> seen = new ArrayList<>();
        long freeFrom = entry + windowMillis + 1;
        for (long moment : moments) {
            if (moment < entry || moment > entry + windowMillis) {
                continue;
            }
            List<StoredEvent> now = events.stream()
                    .filter(event -> event.event().timestampMillis() == moment)
                    .toList();
            seen.addAll(now);
            int before = times.size();
            int level = is("order", "any") ? most(seen, 1, new HashSet<>()) : deepest(now, before, new HashSet<>());
            int ended = Integer.MAX_VALUE;
            for (JsonNode exclusion : question.path("exclusions")) {
                for (StoredEvent event : now) {
                    if (matches(exclusion, event)
                            && before >= exclusion.get("from").asInt()
                            && level < exclusion.get("to").asInt()) {
                        ended = Math.min(ended, exclusion.get("from").asInt());
                    }
                }
            }
            if (is("order", "strict") && before > 0 && level == before) {
                ended = Math.min(ended, level);
            }
            if (ended < Integer.MAX_VALUE) {
                times = new ArrayList<>(times.subList(0, ended));
                freeFrom = moment;
                break;
            }
            while (times.size() < level) {
                times.add(moment);
            }
            if (level == steps.size()) {
                freeFrom = moment + 1;
                break;
            }
        }
        return new Attempt(unit, times, value(events, times), freeFrom);
    }

    /** How far the events of one moment lead from a level, by trying every one for the next step. */
    private int deepest(List<StoredEvent> events, int level, Set<StoredEvent> used) {
        int deepest = level;
        for (StoredEvent event : events) {
            if (level < steps.size() && serves(event, level + 1) && used.add(event)) {
                deepest = Math.max(deepest, deepest(events, level + 1, used));
                used.remove(event);
            }
        }
        return deepest;
    }

    /** How many of the steps from one on can be served by the events, by trying every one. */
    private int most(List<StoredEvent> events, int step, Set<StoredEvent> used) {
        if (step > steps.size()) {
            return 0;
        }
        int most = most(events, step + 1, used);
        for (StoredEvent event : events) {
            if (serves(event, step) && used.add(event)) {
                most = Math.max(most, 1 + most(events, step + 1, used));
                used.remove(event);
            }
        }
        return most;
    }

    private boolean serves(StoredEvent event, int step) {
        return matches(steps.get(step - 1), event);
    }

    private static boolean matches(JsonNode scope, StoredEvent event) {
        JsonNode types = scope.get("event");
        boolean typed = types == null;
        if (types != null && types.isTextual()) {
            typed = types.asText().equals(event.event().type());
        } else if (types != null) {
            for (JsonNode type : types) {
                typed |= type.asText().equals(event.event().type());
            }
        }
        return typed && NaiveFilter.holds(scope.get("filter"), event);
    }

    /** Null for none. */
    private @Nullable String value(List<StoredEvent> events, List<Long> times) {
        JsonNode breakdown = question.path("breakdown");
        JsonNode at = breakdown.path("step");
        int step = at.isInt() ? at.asInt() : at.asText().equals("last") ? times.size() : 1;
        if (breakdown.isMissingNode() || step > times.size()) {
            return null;
        }
        String least = null;
        for (StoredEvent event : events) {
            boolean here = is("order", "any") ? begins(event) : serves(event, step);
            String text = NaiveFilter.text(
                    NaiveFilter.property(breakdown.get("property").asText(), event));
            if (here
                    && event.event().timestampMillis() == times.get(step - 1)
                    && text != null
                    && (least == null || NaiveFilter.compareBytes(text, least) < 0)) {
                least = text;
            }
        }
        return least;
    }

    /** As an answer says it: per step the count, and median, average and 90th percentile of the seconds. */
    List<List<@Nullable Double>> steps(List<Attempt> attempts) {
        List<List<@Nullable Double>> answers = new ArrayList<>();
        for (int step = 1; step <= steps.size(); step++) {
            List<Long> took = new ArrayList<>();
            long count = 0;
            for (Attempt attempt : attempts) {
                if (attempt.level() >= step) {
                    count++;
                    if (step > 1) {
                        took.add(attempt.times().get(step - 1) - attempt.times().get(step - 2));
                    }
                }
            }
            took.sort(Comparator.naturalOrder());
            List<@Nullable Double> answer = new ArrayList<>();
            answer.add((double) count);
            answer.add(percentile(took, 0.5));
            answer.add(
                    took.isEmpty()
                            ? null
                            : (Double) (took.stream().mapToLong(Long::longValue).sum() / (double) took.size() / 1000));
            answer.add(percentile(took, 0.9));
            answers.add(answer);
        }
        return answers;
    }

    private static @Nullable Double percentile(List<Long> sorted, double share) {
        if (sorted.isEmpty()) {
            return null;
        }
        double place = share * (sorted.size() - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.size() - 1);
        return (sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below))) / 1000;
    }

    /** Attempts by label, the values with the most first, then the others, then those without. */
    Map<String, List<Attempt>> groups() {
        Map<String, List<Attempt>> byValue = new LinkedHashMap<>();
        List<Attempt> none = new ArrayList<>();
        for (Attempt attempt : attempts()) {
            String value = attempt.value();
            if (value == null) {
                none.add(attempt);
            } else {
                byValue.computeIfAbsent(value, _ -> new ArrayList<>()).add(attempt);
            }
        }
        List<String> ranked = new ArrayList<>(byValue.keySet());
        ranked.sort(Comparator.<String>comparingInt(
                        value -> -byValue.getOrDefault(value, none).size())
                .thenComparing(NaiveFilter::compareBytes));
        int limit = question.path("breakdown").path("limit").asInt(10);
        Map<String, List<Attempt>> groups = new LinkedHashMap<>();
        for (int rank = 0; rank < ranked.size(); rank++) {
            groups.computeIfAbsent(rank < limit ? "=" + ranked.get(rank) : "$other", _ -> new ArrayList<>())
                    .addAll(byValue.getOrDefault(ranked.get(rank), none));
        }
        if (!none.isEmpty()) {
            groups.put("$none", none);
        }
        return groups;
    }
}
