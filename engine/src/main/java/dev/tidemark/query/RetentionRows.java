package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Retention in SQL, without a join: one group for each person, then a row for each cohort that the person is in, with a bit for
 * each period of a return.
 *
 * <p>Where each start is a return too, nobody returns in a period before starting in it, and calendar periods need no event times:
 * a person is two masks of active periods, and a cohort's view is the second one shifted. Else a person is the times of the starts
 * that count and of the returns.
 */
final class RetentionRows {
    private static final String NO_START = "toInt64(" + Long.MAX_VALUE + ")";
    private static final int MAX_MASK = 256;

    private final RetentionQuestion question;
    private final RetentionPeriods periods;
    private final Parameters parameters;
    private final PeriodMask cells;

    RetentionRows(RetentionQuestion question, Parameters parameters) {
        this.question = question;
        this.periods = question.periods();
        this.parameters = parameters;
        this.cells = new PeriodMask(periods.count());
    }

    /**
     * Rows of {@code v} the slot of a breakdown's value, {@code c} the cohort, {@code k} the period, and how many returned; with
     * the number of periods as {@code k}, how many are in the cohort.
     */
    Select counts(@Nullable TopValues top) {
        Breakdown breakdown = question.breakdown();
        String slot = top == null || breakdown == null
                ? null
                : top.slot(PropertyColumns.of(breakdown.property(), parameters), parameters);
        Select members = slot == null && isOfMasks() ? masked() : timed(slot, true);
        Select views = Select.from(members)
                .column("v", "v")
                .column("c", "c")
                .column("m", "m")
                .column("count()", "people")
                .groupBy("v")
                .groupBy("c")
                .groupBy("m")
                .build();
        return Select.from(views)
                .arrayJoin("arrayPushBack(arrayMap(bit -> toUInt16(bit), bitPositionsToArray(m)), toUInt16("
                        + periods.count() + ")) AS k")
                .column("v", "v")
                .column("c", "c")
                .column("k", "k")
                .column("sum(people)", "n")
                .groupBy("v")
                .groupBy("c")
                .groupBy("k")
                .build();
    }

    /** The values of the breakdown that most starts have that count, with their hashes. */
    Select topValues(Breakdown breakdown) {
        PropertyColumns property = PropertyColumns.of(breakdown.property(), parameters);
        String value = "if(" + property.present() + ", concat('=', " + property.text() + "), '')";
        return Select.from(timed(value, false))
                .column("substring(v, 2)", "text")
                .column("reinterpretAsInt64(sipHash64(substring(v, 2)))", "hash")
                .where("v != ''")
                .groupBy("v")
                .orderBy("count() DESC")
                .orderBy("v")
                .limit(breakdown.limit(), 0)
                .build();
    }

    private boolean isOfMasks() {
        return !periods.rolling()
                && question.returning().covers(question.start())
                && periods.edges().size() <= MAX_MASK;
    }

    /** The events that matter: {@code st} whether one is a start, {@code rt} a return, {@code t} when. */
    private Select.Builder events(boolean withReturns) {
        Conditions conditions = new Conditions(parameters);
        String starts = conditions.of(question.start());
        String returns = conditions.of(question.returning());
        String end = parameters.integer(question.range().endMillis());
        TimeRange touched = question.touchedRange();
        TimeRange looked = withReturns
                ? touched
                : new TimeRange(touched.start(), question.range().end());
        Select.Builder events = Source.EVENTS
                .select(parameters, looked)
                .where("person != 0")
                .column("person", "person")
                .column(Source.EVENTS.millis(), "t")
                .column((starts == null ? "" : starts + " AND ") + "t < " + end, "st");
        Filter filter = question.filter();
        if (filter != null) {
            events.where(conditions.of(filter));
        }
        List<String> types = question.start().eventTypes();
        if (!withReturns) {
            events.where("st");
        } else {
            String first = parameters.integer(question.range().startMillis());
            String within = question.firstTime() ? "t >= " + first : "true";
            events.column(returns == null ? within : returns + " AND " + within, "rt");
            events.where("st OR rt");
            types = union(types, question.returning().eventTypes());
        }
        return types.isEmpty() ? events : events.where("event_type IN " + parameters.texts(types));
    }

    /** Empty for all where either is. */
    private static List<String> union(List<String> some, List<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return some.isEmpty() || others.isEmpty() ? List.of() : List.copyOf(all);
    }

    private Select masked() {
        PeriodMask all = new PeriodMask(periods.edges().size());
        Select.Builder people = Select.from(events(true).build()).groupBy("person");
        addReturns(people, "groupBitOrIf(" + all.bit(index("t")) + ", rt)");
        if (question.firstTime()) {
            Select first = people.column("min(if(st, t, " + NO_START + "))", "start")
                    .having(startsInRange())
                    .build();
            return Select.from(first)
                    .column("toInt64(0)", "v")
                    .column(index("start"), "c")
                    .column(maskedView(all), "m")
                    .build();
        }
        Select starts = people.column("groupBitOrIf(" + all.bit(index("t")) + ", st)", "s")
                .having("s != 0")
                .build();
        return Select.from(starts)
                .arrayJoin("arrayMap(bit -> toInt64(bit), bitPositionsToArray(s)) AS c")
                .column("toInt64(0)", "v")
                .column("c", "c")
                .column(maskedView(all), "m")
                .build();
    }

    private String maskedView(PeriodMask all) {
        return question.orAfter()
                ? cells.first(index("last") + " - c + 1")
                : cells.cast(
                        "bitAnd(bitShiftRight(r, toUInt16(c)), " + all.cast(cells.first("" + periods.count())) + ")");
    }

    /** Rows of {@code v} the value at the start, {@code c} the cohort and {@code m} the periods of a return, where asked for. */
    private Select timed(@Nullable String value, boolean withReturns) {
        Select.Builder events = events(withReturns);
        if (value != null) {
            events.column(value, "v").column("journal_partition", "p").column("journal_offset", "o");
        }
        Select.Builder people = Select.from(events.build()).groupBy("person");
        if (withReturns) {
            addReturns(people, "groupArrayIf(t, rt)");
        }
        Select own = question.firstTime() ? firstStarts(people, value) : startsOfCohorts(people, value, withReturns);
        Select.Builder rows = Select.from(own)
                .arrayJoin("own AS start")
                .column("tupleElement(start, 2)", "v")
                .column("tupleElement(start, 3)", "c");
        return withReturns ? rows.column(timedView(), "m").build() : rows.build();
    }

    private void addReturns(Select.Builder people, String returns) {
        if (question.orAfter()) {
            people.column("max(if(rt, t, toInt64(-1)))", "last");
        } else {
            people.column(returns, "r");
        }
    }

    private Select firstStarts(Select.Builder people, @Nullable String value) {
        Select first = people.column("min(if(st, t, " + NO_START + "))", "start")
                .column(value == null ? "toInt64(0)" : "argMinIf(v, tuple(t, p, o), st)", "value")
                .having(startsInRange())
                .build();
        return carryReturns(Select.from(first), "r")
                .column("[tuple(start, value, " + index("start") + ")]", "own")
                .build();
    }

    private String startsInRange() {
        return "start >= " + parameters.integer(question.range().startMillis()) + " AND start != " + NO_START;
    }

    /** The first start of a person in each period, equal times in the order of the journal. */
    private Select startsOfCohorts(Select.Builder people, @Nullable String value, boolean withReturns) {
        people.having("countIf(st) > 0");
        if (value == null) {
            people.column("arrayMap(t -> tuple(t, toInt64(0)), arraySort(groupArrayIf(t, st)))", "starts");
        } else {
            people.column(
                    "arrayMap(x -> tuple(tupleElement(x, 1), tupleElement(x, 4)), arraySort(arrayZip(groupArrayIf(t, st),"
                            + " groupArrayIf(p, st), groupArrayIf(o, st), groupArrayIf(v, st))))",
                    "starts");
        }
        Select.Builder cohorts = Select.from(people.build())
                .column("arrayMap(x -> " + index("tupleElement(x, 1)") + ", starts)", "at")
                .column(
                        "arrayFilter(x -> tupleElement(x, 3) != tupleElement(x, 4), arrayZip(tupleElement(starts, 1),"
                                + " tupleElement(starts, 2), at, arrayPushFront(arrayPopBack(at), toInt64(-1))))",
                        "own");
        return (withReturns ? carryReturns(cohorts, "r") : cohorts).build();
    }

    private Select.Builder carryReturns(Select.Builder select, String name) {
        if (question.orAfter()) {
            return select.column("last", "last");
        }
        select.column(name, "r");
        return periods.rolling() ? select : select.column("arrayMap(x -> " + index("x") + ", r)", "rat");
    }

    private String timedView() {
        String time = "tupleElement(start, 1)";
        String width = parameters.integer(periods.width());
        if (question.orAfter()) {
            String period = periods.rolling() ? "intDiv(last - " + time + ", " + width + ")" : index("last") + " - c";
            return "if(last >= " + time + ", " + cells.first(period + " + 1") + ", " + cells.none() + ")";
        }
        String period = periods.rolling() ? "intDiv(x - " + time + ", " + width + ")" : "b - c";
        String bit = cells.bitWhere("x >= " + time, period);
        String bits = periods.rolling() ? "arrayMap(x -> " + bit + ", r)" : "arrayMap((x, b) -> " + bit + ", r, rat)";
        return "arrayReduce('groupBitOr', " + bits + ")";
    }

    /** The calendar period of a time, from the first cohort's on; times beyond either end are in the first and last. */
    private String index(String time) {
        List<Long> edges = periods.edges();
        List<Long> starts = edges.subList(0, edges.size() - 1);
        long first = edges.getFirst();
        long width = edges.get(1) - first;
        long last = starts.size() - 1;
        boolean even =
                LongStream.rangeClosed(0, edges.size() - 1L).allMatch(i -> edges.get((int) i) == first + i * width);
        if (even) {
            String index =
                    "intDiv(" + time + " - " + parameters.integer(first) + ", " + parameters.integer(width) + ")";
            return "greatest(toInt64(0), least(" + index + ", toInt64(" + last + ")))";
        }
        return "transform(roundDown(" + time + ", " + parameters.integers(starts) + "), " + parameters.integers(starts)
                + ", "
                + parameters.integers(LongStream.rangeClosed(0, last).boxed().toList()) + ", toInt64(0))";
    }

    /** A set of periods as the bits of an unsigned number that is wide enough. */
    private record PeriodMask(int size) {

        private String type() {
            return size < Long.SIZE ? "toUInt64" : "toUInt256";
        }

        String cast(String mask) {
            return type() + "(" + mask + ")";
        }

        String none() {
            return cast("0");
        }

        /** Of a period that there is. */
        String bit(String period) {
            return "bitShiftLeft(" + cast("1") + ", toUInt16(" + period + "))";
        }

        /** Nothing where the condition does not hold or there is no such period. */
        String bitWhere(String condition, String period) {
            return "if(" + condition + " AND " + period + " < " + size + ", "
                    + bit("greatest(toInt64(0), least(" + period + ", toInt64(" + (size - 1) + ")))") + ", " + none()
                    + ")";
        }

        /** The first periods, as many as there are at most. */
        String first(String number) {
            return cast(bit("greatest(toInt64(0), least(" + number + ", toInt64(" + size + ")))") + " - 1");
        }
    }
}
