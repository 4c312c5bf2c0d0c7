package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.store.StoredEvent;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A cohort report by loops: each row's people, each period's events of theirs. */
final class NaiveCohortReport {
    private final NaiveCohort cohorts;
    private final JsonNode question;
    private final Instant now;
    private final DayOfWeek weekStart;
    private final List<StoredEvent> passing;
    private final NaiveAnalyst analyst;
    private final Map<String, List<StoredEvent>> counted = new TreeMap<>();

    NaiveCohortReport(NaiveCohort cohorts, JsonNode question, Instant now, DayOfWeek weekStart) {
        this.cohorts = cohorts;
        this.question = question;
        this.now = now;
        this.weekStart = weekStart;
        this.analyst = new NaiveAnalyst(cohorts.events(), question, calendar(Duration.ZERO));
        this.passing = passing(cohorts, question);
    }

    /** Value, null for none, and whether it is partial. */
    record Cell(@Nullable Double value, boolean partial) {}

    record Row(int size, List<Cell> cells) {}

    List<Row> rows() {
        return question.has("cohorts") ? ofCohorts() : ofStarts();
    }

    /** The ids of the events behind a cell. */
    Set<String> behind(int row, int period) {
        Set<String> ids = new TreeSet<>();
        for (StoredEvent event : counted.getOrDefault(row + " " + period, List.of())) {
            if (cohorts.matches(question.get("measure"), event)) {
                ids.add(event.event().id().value());
            }
        }
        return ids;
    }

    private List<Row> ofCohorts() {
        NaiveAnalyst.Span range = calendar(Duration.ZERO).range();
        List<NaiveAnalyst.Span> columns = calendar(Duration.ZERO).buckets();
        List<Row> rows = new ArrayList<>();
        for (JsonNode id : question.get("cohorts")) {
            Set<String> members = new TreeSet<>(cohorts.membersOf(id.asText()));
            Set<String> reachable = new TreeSet<>();
            for (StoredEvent event : passing) {
                reachable.add(String.valueOf(RandomPeople.person(event)));
            }
            if (question.has("filter")) {
                members.retainAll(reachable);
            }
            List<Cell> cells = new ArrayList<>();
            for (NaiveAnalyst.Span column : columns) {
                List<StoredEvent> theirs = new ArrayList<>();
                for (StoredEvent event : passing) {
                    if (column.contains(event)
                            && range.contains(event)
                            && cohorts.membersOf(id.asText()).contains(String.valueOf(RandomPeople.person(event)))) {
                        theirs.add(event);
                    }
                }
                counted.put(rows.size() + " " + cells.size(), theirs);
                cells.add(cell(theirs, members.size(), column));
            }
            rows.add(new Row(members.size(), cells));
        }
        return rows;
    }

    private List<Row> ofStarts() {
        NaiveAnalyst.Span range = calendar(Duration.ZERO).range();
        List<NaiveAnalyst.Span> starts = calendar(Duration.ZERO).buckets();
        int periods = question.get("periods").asInt();
        List<NaiveAnalyst.Span> columns = calendar(later(periods)).buckets();
        Map<String, List<StoredEvent>> startsOf = new TreeMap<>();
        for (String person : cohorts.everybody()) {
            List<StoredEvent> started = starts(person);
            boolean first = question.get("entry").asText().equals("first_time") && !started.isEmpty();
            startsOf.put(person, first ? started.subList(0, 1) : started);
        }
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < starts.size(); row++) {
            Set<String> people = new TreeSet<>();
            for (String person : startsOf.keySet()) {
                for (StoredEvent event : startsOf.getOrDefault(person, List.of())) {
                    if (range.contains(event) && starts.get(row).contains(event)) {
                        people.add(person);
                    }
                }
            }
            List<Cell> cells = new ArrayList<>();
            for (int period = 0; period < periods; period++) {
                NaiveAnalyst.Span column = columns.get(row + period);
                if (column.start().isAfter(now)) {
                    break;
                }
                List<StoredEvent> theirs = new ArrayList<>();
                for (StoredEvent event : passing) {
                    if (column.contains(event) && people.contains(String.valueOf(RandomPeople.person(event)))) {
                        theirs.add(event);
                    }
                }
                counted.put(row + " " + period, theirs);
                cells.add(cell(theirs, people.size(), column));
            }
            rows.add(new Row(people.size(), cells));
        }
        return rows;
    }

    /** At least so many periods. */
    private Duration later(int periods) {
        return switch (question.get("period").asText()) {
            case "day" -> Duration.ofDays(periods + 1L);
            case "week" -> Duration.ofDays(7L * periods);
            default -> Duration.ofDays(31L * periods);
        };
    }

    /** A person's start events, the earliest first. */
    private List<StoredEvent> starts(String person) {
        List<StoredEvent> starts = new ArrayList<>();
        for (StoredEvent event : passing) {
            if (person.equals(RandomPeople.person(event)) && cohorts.matches(question.get("start"), event)) {
                starts.add(event);
            }
        }
        starts.sort((one, other) ->
                Long.compare(one.event().timestampMillis(), other.event().timestampMillis()));
        return starts;
    }

    private static List<StoredEvent> passing(NaiveCohort cohorts, JsonNode question) {
        return cohorts.events().stream()
                .filter(event -> cohorts.passes(question.get("filter"), event))
                .toList();
    }

    private Cell cell(List<StoredEvent> events, int size, NaiveAnalyst.Span column) {
        Double value =
                new NaiveAnalyst(events, question, calendar(Duration.ZERO)).value(question.get("measure"), events);
        if (question.path("per_member").asBoolean()) {
            value = value == null || size == 0 ? null : (Double) (value / size);
        }
        return new Cell(value, column.end().isAfter(now));
    }

    /** Of the range, which ends later by so much. */
    private NaiveCalendar calendar(Duration more) {
        ObjectNode copy = question.deepCopy();
        copy.set("interval", question.get("period"));
        if (!more.isZero()) {
            NaiveAnalyst.Span range = new NaiveCalendar(copy, weekStart).range();
            ((ObjectNode) copy.get("range"))
                    .put("start_time", range.start().toString())
                    .put("end_time", range.end().plus(more).toString());
        }
        return new NaiveCalendar(copy, weekStart);
    }
}
