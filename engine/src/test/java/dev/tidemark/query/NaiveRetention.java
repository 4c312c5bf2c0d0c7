package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of retention, person by person. */
final class NaiveRetention {
    private static final long DAY = 86_400_000L;

    private final List<StoredEvent> events;
    private final JsonNode question;
    private final ZoneId zone;
    private final DayOfWeek weekStart;
    private final Instant now;
    private final String period;
    private final int periods;
    private final boolean rolling;
    private final long rangeStart;
    private final long rangeEnd;

    NaiveRetention(List<StoredEvent> events, JsonNode question, DayOfWeek weekStart, Instant now) {
        this.events = events;
        this.question = question;
        this.zone = ZoneId.of(question.get("zone").asText());
        this.weekStart = weekStart;
        this.now = now;
        this.period = question.get("period").asText();
        this.periods = question.get("periods").asInt();
        this.rolling = question.path("alignment").asText().equals("rolling");
        NaiveAnalyst.Span range = new NaiveCalendar(question, weekStart).range();
        this.rangeStart = range.start().toEpochMilli();
        this.rangeEnd = range.end().toEpochMilli();
    }

    /** A cohort in one text, as in {@code 2025-03-01T00:00:00Z 3: 3/false 1/false 0/true}. */
    record Table(List<String> cohorts, List<String> average) {}

    /** Everybody, under the empty text; and with a breakdown each of its values under {@code =value}, by rank. */
    Map<String, Table> tables() {
        Map<String, Table> tables = new LinkedHashMap<>();
        groups().forEach((group, members) -> tables.put(group, table(members)));
        return tables;
    }

    /** The people of a group and cohort who came back in a period, or all of them where there is none. */
    Set<String> people(String group, int cohort, @Nullable Integer period) {
        LocalDate start = after(unit(Instant.ofEpochMilli(rangeStart)), cohort);
        Set<String> people = new TreeSet<>();
        for (Membership one : groups().getOrDefault(group, List.of())) {
            if (one.cohort.equals(start) && (period == null || isBack(one, period))) {
                people.add(Long.toString(one.start.person()));
            }
        }
        return people;
    }

    private Map<String, List<Membership>> groups() {
        List<Membership> all = memberships();
        Map<String, List<Membership>> tables = new LinkedHashMap<>();
        tables.put("", all);
        JsonNode breakdown = question.get("breakdown");
        if (breakdown == null) {
            return tables;
        }
        Map<String, List<Membership>> byValue = new TreeMap<>(NaiveFilter::compareBytes);
        List<Membership> none = new ArrayList<>();
        for (Membership membership : all) {
            String value = NaiveFilter.text(
                    NaiveFilter.property(breakdown.get("property").asText(), membership.start));
            (value == null ? none : byValue.computeIfAbsent("=" + value, _ -> new ArrayList<>())).add(membership);
        }
        List<String> ranked = new ArrayList<>(byValue.keySet());
        ranked.sort(Comparator.comparingInt(
                value -> -byValue.getOrDefault(value, List.of()).size()));
        List<Membership> other = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            List<Membership> members = byValue.getOrDefault(ranked.get(i), List.of());
            if (i < breakdown.get("limit").asInt()) {
                tables.put(ranked.get(i), members);
            } else {
                other.addAll(members);
            }
        }
        if (!other.isEmpty()) {
            tables.put("$other", other);
        }
        if (!none.isEmpty()) {
            tables.put("$none", none);
        }
        return tables;
    }

    /** A person in a cohort, by the start that counts there. */
    private record Membership(LocalDate cohort, StoredEvent start, List<StoredEvent> returns) {}

    private List<Membership> memberships() {
        Map<Long, List<StoredEvent>> starts = new LinkedHashMap<>();
        Map<Long, List<StoredEvent>> returns = new LinkedHashMap<>();
        for (StoredEvent event : events) {
            if (event.person() != 0 && NaiveFilter.holds(question.get("filter"), event)) {
                if (isOf(question.get("start"), event)) {
                    starts.computeIfAbsent(event.person(), _ -> new ArrayList<>())
                            .add(event);
                }
                if (isOf(question.get("return"), event)) {
                    returns.computeIfAbsent(event.person(), _ -> new ArrayList<>())
                            .add(event);
                }
            }
        }
        List<Membership> memberships = new ArrayList<>();
        for (Map.Entry<Long, List<StoredEvent>> person : starts.entrySet()) {
            List<StoredEvent> sorted = new ArrayList<>(person.getValue());
            sorted.sort(Comparator.comparingLong(NaiveRetention::millis)
                    .thenComparing(event -> event.address().partition())
                    .thenComparing(event -> event.address().offset()));
            if (question.path("entry").asText().equals("first_time")) {
                sorted = sorted.subList(0, 1);
            }
            List<LocalDate> seen = new ArrayList<>();
            for (StoredEvent start : sorted) {
                LocalDate cohort = unit(Instant.ofEpochMilli(millis(start)));
                if (millis(start) >= rangeStart && millis(start) < rangeEnd && !seen.contains(cohort)) {
                    seen.add(cohort);
                    memberships.add(new Membership(cohort, start, returns.getOrDefault(person.getKey(), List.of())));
                }
            }
        }
        return memberships;
    }

    private static boolean isOf(@Nullable JsonNode scope, StoredEvent event) {
        if (scope == null) {
            return true;
        }
        JsonNode types = scope.get("event");
        boolean listed = types == null || types.asText().equals(event.event().type());
        if (types != null && types.isArray()) {
            for (JsonNode type : types) {
                listed |= type.asText().equals(event.event().type());
            }
        }
        return listed && NaiveFilter.holds(scope.get("filter"), event);
    }

    private static long millis(StoredEvent event) {
        return event.event().timestampMillis();
    }

    /** The first day of the period that an instant is in. */
    private LocalDate unit(Instant instant) {
        LocalDate date = instant.atZone(zone).toLocalDate();
        while (period.equals("week") && date.getDayOfWeek() != weekStart) {
            date = date.minusDays(1);
        }
        return period.equals("month") ? date.withDayOfMonth(1) : date;
    }

    private LocalDate after(LocalDate unit, int steps) {
        return switch (period) {
            case "week" -> unit.plusWeeks(steps);
            case "month" -> unit.plusMonths(steps);
            default -> unit.plusDays(steps);
        };
    }

    private long startOf(LocalDate unit) {
        return unit.atStartOfDay(zone).toInstant().toEpochMilli();
    }

    private boolean isBack(Membership membership, int steps) {
        long since = millis(membership.start);
        boolean orAfter = question.path("criterion").asText().equals("on_or_after");
        for (StoredEvent event : membership.returns) {
            long at = millis(event);
            long from = rolling ? since + steps * width() : startOf(after(membership.cohort, steps));
            long to = rolling ? since + (steps + 1) * width() : startOf(after(membership.cohort, steps + 1));
            if (at >= since && at >= from && (orAfter || at < to)) {
                return true;
            }
        }
        return false;
    }

    private long width() {
        return switch (period) {
            case "week" -> 7 * DAY;
            case "month" -> 30 * DAY;
            default -> DAY;
        };
    }

    private Table table(List<Membership> memberships) {
        List<String> cohorts = new ArrayList<>();
        long[] returned = new long[periods];
        long[] sizes = new long[periods];
        for (LocalDate unit = unit(Instant.ofEpochMilli(rangeStart)); startOf(unit) < rangeEnd; unit = after(unit, 1)) {
            LocalDate cohort = unit;
            List<Membership> members = memberships.stream()
                    .filter(one -> one.cohort.equals(cohort))
                    .toList();
            StringBuilder row = new StringBuilder(Instant.ofEpochMilli(startOf(unit)) + " " + members.size() + ":");
            for (int steps = 0; steps < periods; steps++) {
                int period = steps;
                long back = members.stream().filter(one -> isBack(one, period)).count();
                long begins =
                        rolling ? Math.max(startOf(unit), rangeStart) + steps * width() : startOf(after(unit, steps));
                long ends = rolling
                        ? Math.min(startOf(after(unit, 1)), rangeEnd) + (steps + 1) * width()
                        : startOf(after(unit, steps + 1));
                if (begins <= now.toEpochMilli()) {
                    row.append(" ").append(back).append("/").append(ends > now.toEpochMilli());
                }
                if (ends <= now.toEpochMilli()) {
                    returned[steps] += back;
                    sizes[steps] += members.size();
                }
            }
            cohorts.add(row.toString());
        }
        List<String> average = new ArrayList<>();
        for (int steps = 0; steps < periods; steps++) {
            average.add(returned[steps] + "/" + sizes[steps]);
        }
        return new Table(cohorts, average);
    }
}
