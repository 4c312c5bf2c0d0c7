package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Retention in SQL, without a join: one group for each person, then a row for each cohort that the person is in, with a bit for
 * each period of a return.
 *
 * <p>Where each start is a return too, nobody returns in a period before starting in it, and calendar periods need no times of
 * returns: they are a mask of periods, and a cohort's view of them is the mask shifted. Without a breakdown neither do starts.
 * Where a start is no return, a group for each person and period first tells whether a return came after the start of that period.
 */
final class RetentionRows {
    private static final int MAX_MASK = 256;
    private static final String LATEST = Long.toString(Long.MAX_VALUE);

    private final RetentionQuestion question;
    private final RetentionPeriods periods;
    private final Parameters parameters;
    private final @Nullable ValueIds values;
    private final PeriodMask cells;
    private final PeriodMask calendar;
    private final boolean returnsAsMask;
    private final boolean byPeriod;
    private final PeriodIndex calendarIndex;

    /**
     * For one statement.
     *
     * @param values of the breakdown; null without one
     */
    RetentionRows(RetentionQuestion question, Parameters parameters, @Nullable ValueIds values) {
        this.question = question;
        this.periods = question.periods();
        this.parameters = parameters;
        this.values = values;
        this.cells = new PeriodMask(periods.count());
        this.calendar = new PeriodMask(periods.edges().size());
        boolean masks = !periods.rolling() && periods.edges().size() <= MAX_MASK;
        this.returnsAsMask = masks && question.returning().covers(question.start());
        this.byPeriod = masks && !returnsAsMask && !question.orAfter();
        this.calendarIndex = new PeriodIndex(periods.edges(), parameters);
    }

    /** The values that starts have. */
    static Select values(RetentionQuestion question, Breakdown breakdown, Parameters parameters) {
        Conditions conditions = new Conditions(parameters);
        Select.Builder events = conditions.limited(
                Source.EVENTS.select(parameters, question.range()).within("person != 0"), question.filter());
        return ValueIds.select(conditions.limited(events, List.of(question.start())), breakdown.property());
    }

    /**
     * Rows of {@code v} the number of a value of the breakdown, {@code c} the cohort, {@code k} the period, and how many returned;
     * with the number of periods as {@code k}, how many are in the cohort. The values with the most starts that count keep their
     * numbers and come first.
     */
    Select counts() {
        Select views = Select.from(members())
                .column("v", "v")
                .column("c", "c")
                .column("m", "m")
                .column("count()", "people")
                .groupBy("v")
                .groupBy("c")
                .groupBy("m")
                .build();
        Select counts = Select.from(views)
                .arrayJoin("arrayPushBack(bitPositionsToArray(m), " + periods.count() + ") AS k")
                .column("v", "v")
                .column("c", "c")
                .column("k", "k")
                .column("sum(people)", "n")
                .groupBy("v")
                .groupBy("c")
                .groupBy("k")
                .build();
        Breakdown breakdown = question.breakdown();
        return values == null || breakdown == null ? counts : ranked(counts, values, breakdown.limit());
    }

    private Select ranked(Select counts, ValueIds ids, int limit) {
        Select sizes = Select.from(counts)
                .column("v", "v")
                .column("c", "c")
                .column("k", "k")
                .column("n", "n")
                .column("sum(if(k = " + periods.count() + ", n, 0)) OVER (PARTITION BY v)", "members")
                .build();
        Select ranks = Select.from(sizes)
                .column("v", "v")
                .column("c", "c")
                .column("k", "k")
                .column("n", "n")
                .column("dense_rank() OVER (ORDER BY v >= " + ids.other() + ", members DESC, v)", "place")
                .build();
        return Select.from(ranks)
                .column("if(v < " + ids.other() + " AND place > " + limit + ", " + ids.other() + ", v)", "shown")
                .column("c", "c")
                .column("k", "k")
                .column("sum(n)", "people")
                .groupBy("shown")
                .groupBy("c")
                .groupBy("k")
                .orderBy("shown >= " + ids.other())
                .orderBy("if(shown >= " + ids.other() + ", toUInt64(shown), min(place))")
                .build();
    }

    /**
     * The persons of a cohort, as {@code person}.
     *
     * @param period in which they returned; null for all of the cohort
     * @param group of the breakdown; null for all, or without one
     */
    Select persons(int cohort, @Nullable Integer period, Spot.@Nullable Group group) {
        Select.Builder persons =
                Select.from(members()).column("person", "person").where("toInt64(c) = " + parameters.integer(cohort));
        if (values != null && group != null) {
            persons.where(values.is("v", group.value(), group.named()));
        }
        if (period != null) {
            persons.where("has(bitPositionsToArray(m), toUInt64(" + parameters.integer(period) + "))");
        }
        return persons.groupBy("person").build();
    }

    /** A row for each person and cohort, with the periods of a return as {@code m}. */
    private Select members() {
        if (byPeriod) {
            return ofPeriods().build();
        }
        Select.Builder people =
                Select.from(events().build()).column("person", "person").groupBy("person");
        if (question.orAfter()) {
            people.column("max(if(rt, t, toInt64(-1)))", "last");
        } else {
            people.column(returnsAsMask ? calendar.union(index("t"), "rt") : "groupArrayIf(t, rt)", "r");
        }
        Select.Builder members = question.firstTime()
                ? ofFirstStarts(people)
                : returnsAsMask && values == null ? ofStartMasks(people) : ofStarts(people);
        return members.build();
    }

    /** The events that matter: {@code st} whether one is a start, {@code rt} a return, {@code t} when. */
    private Select.Builder events() {
        Conditions conditions = new Conditions(parameters);
        String starts = conditions.of(question.start());
        String returns = conditions.of(question.returning());
        String end = parameters.integer(question.range().endMillis());
        String within = question.firstTime()
                ? "t >= " + parameters.integer(question.range().startMillis())
                : "true";
        Select.Builder events = Source.EVENTS
                .select(parameters, question.touchedRange())
                .within("person != 0")
                .column("person", "person")
                .column(Source.EVENTS.millis(), "t")
                .column((starts == null ? "" : starts + " AND ") + "t < " + end, "st")
                .column((returns == null ? "" : returns + " AND ") + within, "rt");
        if (question.start().filter() != null || question.returning().filter() != null) {
            events.where("st OR rt");
        } else if (question.firstTime()) {
            events.within("st OR rt");
        }
        conditions.limited(events, question.filter());
        Breakdown breakdown = question.breakdown();
        if (values != null && breakdown != null) {
            events.column(EventKey.of(values.id(breakdown.property(), parameters)), "start");
        } else {
            events.column(Source.EVENTS.millis(), "start");
        }
        List<String> types =
                union(question.start().eventTypes(), question.returning().eventTypes());
        return types.isEmpty() ? events : events.within(Conditions.ofTypes(types, parameters));
    }

    /** Empty for all where either is. */
    private static List<String> union(List<String> some, List<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return some.isEmpty() || others.isEmpty() ? List.of() : List.copyOf(all);
    }

    private Select.Builder ofStartMasks(Select.Builder people) {
        Select starts = people.column(calendar.union(index("t"), "st"), "s")
                .having("s != 0")
                .build();
        return Select.from(starts)
                .arrayJoin("arrayMap(bit -> toInt64(bit), bitPositionsToArray(s)) AS c")
                .column("person", "person")
                .column("toUInt16(0)", "v")
                .column("c", "c")
                .column(question.orAfter() ? upTo(index("last") + " - c") : shifted("c"), "m");
    }

    /** By way of each person's periods, with the first start and the last return in them. */
    private Select.Builder ofPeriods() {
        Select inPeriods = Select.from(events().build())
                .column("person", "person")
                .column("toUInt16(" + index("t") + ")", "c")
                .column("min(if(st, start, " + latest() + "))", "own")
                .column("max(if(rt, t, toInt64(-1)))", "last")
                .groupBy("person")
                .groupBy("c")
                .build();
        String same = "last >= " + time("own");
        Select.Builder people = Select.from(inPeriods)
                .column("person", "person")
                .groupBy("person")
                .column(calendar.union("c", "last >= 0"), "r");
        String later =
                cells.cast("bitAnd(bitShiftRight(r, toUInt16(c)), " + calendar.between(1, periods.count()) + ")");
        if (question.firstTime()) {
            Select first = people.column("min(own)", "first")
                    .column(calendar.union("c", same), "q")
                    .having("first != " + latest() + " AND " + time("first") + " >= "
                            + parameters.integer(question.range().startMillis()))
                    .build();
            return Select.from(first)
                    .column("person", "person")
                    .column(value("first"), "v")
                    .column(index(time("first")), "c")
                    .column("bitOr(" + later + ", " + firstPeriod() + ")", "m");
        }
        if (values == null) {
            Select starts = people.column(calendar.union("c", "own != " + latest()), "s")
                    .column(calendar.union("c", same), "q")
                    .having("s != 0")
                    .build();
            return Select.from(starts)
                    .arrayJoin("bitPositionsToArray(s) AS c")
                    .column("person", "person")
                    .column(value(""), "v")
                    .column("c", "c")
                    .column("bitOr(" + later + ", " + firstPeriod() + ")", "m");
        }
        Select starts = people.column(
                        "groupArrayIf((c, " + value("own") + ", " + same + "), own != " + latest() + ")", "starts")
                .having("notEmpty(starts)")
                .build();
        return Select.from(starts)
                .arrayJoin("starts AS began")
                .column("person", "person")
                .column("began.2", "v")
                .column("began.1", "c")
                .column("bitOr(" + later + ", " + cells.cast("began.3") + ")", "m");
    }

    /** Whether there is a return in the start period, as the first bit. */
    private String firstPeriod() {
        return cells.cast("bitAnd(bitShiftRight(q, toUInt16(c)), " + calendar.cast("1") + ")");
    }

    private Select.Builder ofFirstStarts(Select.Builder people) {
        Select first = people.column("min(if(st, start, " + latest() + "))", "own")
                .having("countIf(st) > 0 AND " + time("own") + " >= "
                        + parameters.integer(question.range().startMillis()))
                .build();
        return viewed(Select.from(first));
    }

    /** From the first start of a person in each period. */
    private Select.Builder ofStarts(Select.Builder people) {
        Select starts = people.column("arraySort(groupArrayIf(start, st))", "starts")
                .having("notEmpty(starts)")
                .build();
        String returns = question.orAfter() ? "last" : "r";
        Select first = Select.from(starts)
                .column("person", "person")
                .column(returns, returns)
                .column("arrayMap(x -> " + index(time("x")) + ", starts)", "at")
                .column(
                        "arrayFilter((x, now, before) -> now != before, starts, at,"
                                + " arrayPushFront(arrayPopBack(at), toInt64(-1)))",
                        "firsts")
                .build();
        return viewed(Select.from(first).arrayJoin("firsts AS own"));
    }

    private Select.Builder viewed(Select.Builder members) {
        return members.column("person", "person")
                .column(value("own"), "v")
                .column(time("own"), "since")
                .column(index("since"), "c")
                .column(view(), "m");
    }

    /** Later than any start. */
    private String latest() {
        return values == null ? "toInt64(" + LATEST + ")" : "toUInt128('" + EventKey.LAST + "')";
    }

    /** The number of the value of the breakdown that a start has. */
    private String value(String start) {
        return values == null ? "toUInt16(0)" : EventKey.payload(start, 0, ValueIds.BITS);
    }

    private String time(String start) {
        return values == null ? start : EventKey.time(start);
    }

    private String view() {
        String width = parameters.integer(periods.width());
        if (question.orAfter()) {
            String period = periods.rolling() ? "intDiv(last - since, " + width + ")" : index("last") + " - c";
            return "if(last >= since, " + upTo(period) + ", " + cells.none() + ")";
        }
        if (returnsAsMask) {
            return shifted("c");
        }
        String period = periods.rolling() ? "intDiv(x - since, " + width + ")" : index("x") + " - c";
        return "arrayReduce('groupBitOr', arrayMap(x -> " + cells.bit(period) + ", arrayFilter(x -> x >= since AND "
                + (periods.rolling()
                        ? "x < since + " + parameters.integer(periods.width() * periods.count())
                        : period + " < " + periods.count())
                + ", r)))";
    }

    /** The periods of the mask of returns from a cohort's own on. */
    private String shifted(String cohort) {
        return cells.cast(
                "bitAnd(bitShiftRight(r, toUInt16(" + cohort + ")), " + calendar.between(0, periods.count()) + ")");
    }

    /** All periods up to one, as far as there are. */
    private String upTo(String period) {
        return cells.cast(cells.bit("greatest(toInt64(0), least(" + period + " + 1, toInt64(" + periods.count() + ")))")
                + " - 1");
    }

    /** The calendar period of a time, from the first cohort's on; times beyond either end are in the first and last. */
    private String index(String time) {
        return question.firstTime() || question.orAfter() ? calendarIndex.clamped(time) : calendarIndex.of(time);
    }
}
