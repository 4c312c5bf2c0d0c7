package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cohort report by start periods in SQL: rows of {@code r} the row, {@code k} the period, {@code n} the number of persons, and the
 * value. The largest {@code n} of a row is how many persons it is of; it can stand beside a {@code k} that is no period of the row.
 *
 * <p>Persons and events are counted with one group for each person. A person's starts are a mask of columns, and so are the columns
 * in which it was active, which a row sees shifted; or each event is one byte, its column, counted by starts and column before it
 * is spread into rows. Other measures take a group for each person and column.
 */
final class CohortStarts {
    private static final int MAX_MASK = 250;

    private final CohortQuestion question;
    private final CohortQuestion.OfStarts rows;
    private final Parameters parameters;
    private final Conditions conditions;
    private final @Nullable String measured;
    private final String started;
    private final String column;
    private final PeriodMask columns;

    CohortStarts(CohortQuestion question, CohortQuestion.OfStarts rows, Parameters parameters) {
        this.question = question;
        this.rows = rows;
        this.parameters = parameters;
        this.conditions = new Conditions(parameters);
        this.measured = conditions.of(question.measure().scope());
        String start = conditions.of(rows.start());
        String millis = Source.EVENTS.millis();
        this.started = (start == null ? "" : start + " AND ") + millis + " >= "
                + parameters.integer(question.range().startMillis()) + " AND " + millis + " < "
                + parameters.integer(question.range().endMillis());
        this.column = new PeriodIndex(question.columns().edges(), parameters).of(millis);
        this.columns = new PeriodMask(question.columns().size() + 1);
    }

    Select cells() {
        if (question.columns().size() <= MAX_MASK) {
            if (question.measure() instanceof Measure.DistinctUsers) {
                return persons();
            }
            if (question.measure() instanceof Measure.EventCount) {
                return events();
            }
        }
        return measures();
    }

    /** Those who are in a row, each once, as {@code person}. */
    Select of(int row) {
        Select.Builder starts = conditions
                .limited(Source.EVENTS.select(parameters, question.range()), question.filter())
                .within("person != 0")
                .where(started)
                .column("person", "person")
                .column(column, "c");
        String number = parameters.integer(row);
        Select.Builder persons =
                Select.from(starts.build()).column("person", "person").groupBy("person");
        String unknown = notBefore();
        persons.having((rows.firstTime() ? "min(c) = " + number : "countIf(c = " + number + ") > 0")
                + (unknown == null ? "" : " AND " + unknown));
        return persons.build();
    }

    private Select persons() {
        Select.Builder byPerson = ofPersons()
                .column(starts(), "s")
                .column(measured == null ? columns.union("c", "true") : columns.union("c", "looked"), "active");
        Select views = Select.from(byPerson.build())
                .arrayJoin("bitPositionsToArray(s) AS r")
                .column("r", "r")
                .column("bitAnd(bitShiftRight(active, toUInt16(r)), " + columns.between(0, rows.periods()) + ")", "m")
                .column("count()", "people")
                .groupBy("r")
                .groupBy("m")
                .build();
        return Select.from(views)
                .arrayJoin("arrayPushBack(bitPositionsToArray(m), " + rows.periods() + ") AS k")
                .column("r", "r")
                .column("k", "k")
                .column("if(k = " + rows.periods() + ", sum(people), 0)", "n")
                .column("sum(people)", "value")
                .groupBy("r")
                .groupBy("k")
                .build();
    }

    private Select events() {
        int beyond = question.columns().size();
        Select.Builder byPerson = ofPersons()
                .column(starts(), "s")
                .column(measured == null ? "groupArray(c)" : "groupArrayIf(c, looked)", "active");
        Select counts = Select.from(byPerson.build())
                .arrayJoin("arrayPushBack(active, toUInt8(" + beyond + ")) AS c")
                .column("s", "s")
                .column("c", "c")
                .column("count()", "n")
                .groupBy("s")
                .groupBy("c")
                .build();
        Select spread = Select.from(counts)
                .arrayJoin("bitPositionsToArray(s) AS r")
                .column("r", "r")
                .column("if(c = " + beyond + ", " + rows.periods() + ", c - r)", "k")
                .column("n", "met")
                .where("c = " + beyond + " OR (c >= r AND c - r < " + rows.periods() + ")")
                .build();
        return Select.from(spread)
                .column("r", "r")
                .column("k", "k")
                .column("if(k = " + rows.periods() + ", sum(met), 0)", "n")
                .column("sum(met)", "value")
                .groupBy("r")
                .groupBy("k")
                .build();
    }

    /** The columns whose rows the person is in. */
    private String starts() {
        String all = columns.union("c", "began");
        return rows.firstTime() ? "bitAnd(" + all + " AS starts, bitNot(starts) + 1)" : all;
    }

    /** A group for each person who is in a row by {@code s}. */
    private Select.Builder ofPersons() {
        Select.Builder looked = seen().column("toUInt8(" + column + ")", "c").column(started, "began");
        if (measured != null) {
            looked.column(measured, "looked");
        }
        String unknown = notBefore();
        return Select.from(looked.build())
                .groupBy("person")
                .having(unknown == null ? "s != 0" : "s != 0 AND " + unknown);
    }

    /** The events of persons that are starts or measured. */
    private Select.Builder seen() {
        Select.Builder events = conditions
                .limited(Source.EVENTS.select(parameters, question.columnRange()), question.filter())
                .within("person != 0")
                .column("person", "person");
        String start = conditions.of(rows.start());
        if (start == null || measured == null) {
            return events;
        }
        TreeSet<String> types = new TreeSet<>(rows.start().eventTypes());
        types.addAll(question.measure().scope().eventTypes());
        boolean known = !rows.start().eventTypes().isEmpty()
                && !question.measure().scope().eventTypes().isEmpty();
        if (known) {
            events.within(Conditions.ofTypes(List.copyOf(types), parameters));
        }
        return events.where(start + " OR " + measured);
    }

    /** Each person has a cell in the period in which it started, whatever is measured, so that period 0 counts the row. */
    private Select measures() {
        CohortMeasure measure = CohortMeasure.of(question.measure(), parameters);
        Select persons = seen().column("toUInt16(" + column + ")", "c")
                .column("countIf(" + started + ") > 0", "started")
                .column(measure.ofPerson(), "v")
                .groupBy("person")
                .groupBy("c")
                .build();
        String began = "groupArrayIf(c, started)";
        Select.Builder inRows = Select.from(persons)
                .column("person", "person")
                .column(
                        "arrayJoin(" + (rows.firstTime() ? "arraySlice(arraySort(" + began + "), 1, 1)" : began) + ")",
                        "r")
                .column("groupArray((c, v))", "cells")
                .groupBy("person");
        String unknown = notBefore();
        if (unknown != null) {
            inRows.having(unknown);
        }
        String last = parameters.integer(rows.periods() - 1L);
        Select inCells = Select.from(inRows.build())
                .column("person", "person")
                .column("r", "r")
                .column("arrayJoin(arrayFilter(x -> x.1 >= r AND x.1 - r <= " + last + ", cells))", "cell")
                .column("cell.1 - r", "k")
                .column("cell.2", "v")
                .build();
        return Select.from(inCells)
                .column("r", "r")
                .column("k", "k")
                .column("count()", "n")
                .column(measure.ofRow(), "value")
                .groupBy("r")
                .groupBy("k")
                .build();
    }

    /** That the person did not do the start event before the range; null where that does not matter. */
    private @Nullable String notBefore() {
        if (!rows.firstTime() || !question.range().start().isAfter(TimeRange.EVER.start())) {
            return null;
        }
        TimeRange before =
                new TimeRange(TimeRange.EVER.start(), question.range().start());
        Select.Builder select = conditions
                .limited(Source.EVENTS.select(parameters, before), question.filter())
                .column("person", "person")
                .within("person != 0")
                .groupBy("person");
        String start = conditions.of(rows.start());
        return "person NOT IN ("
                + (start == null ? select : select.where(start)).build().sql() + ")";
    }
}
