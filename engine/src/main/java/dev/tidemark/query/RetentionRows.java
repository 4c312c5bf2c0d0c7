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
 * <p>Where each start is a return too, nobody returns in a period before starting in it, and calendar periods need no times of
 * returns: they are a mask of periods, and a cohort's view of them is the mask shifted. Without a breakdown neither do starts.
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
    private final String calendarIndex;

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
        this.returnsAsMask = !periods.rolling()
                && question.returning().covers(question.start())
                && periods.edges().size() <= MAX_MASK;
        this.calendarIndex = calendarIndex(periods.edges(), parameters);
    }

    /** The values that starts have. */
    static Select values(RetentionQuestion question, Breakdown breakdown, Parameters parameters) {
        Conditions conditions = new Conditions(parameters);
        Select.Builder events =
                Source.EVENTS.select(parameters, question.range()).where("person != 0");
        Filter filter = question.filter();
        if (filter != null) {
            events.where(conditions.of(filter));
        }
        String starts = conditions.of(question.start());
        return ValueIds.select(starts == null ? events : events.where(starts), breakdown.property());
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

    /** A row for each person and cohort, with the periods of a return as {@code m}. */
    private Select members() {
        Select.Builder people = Select.from(events().build()).groupBy("person");
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
                .where("person != 0")
                .column("person", "person")
                .column(Source.EVENTS.millis(), "t")
                .column((starts == null ? "" : starts + " AND ") + "t < " + end, "st")
                .column((returns == null ? "" : returns + " AND ") + within, "rt")
                .where("st OR rt");
        Filter filter = question.filter();
        if (filter != null) {
            events.where(conditions.of(filter));
        }
        Breakdown breakdown = question.breakdown();
        if (values != null && breakdown != null) {
            events.column(EventKey.of(values.id(breakdown.property(), parameters)), "start");
        } else {
            events.column(Source.EVENTS.millis(), "start");
        }
        List<String> types =
                union(question.start().eventTypes(), question.returning().eventTypes());
        return types.isEmpty() ? events : events.where("event_type IN " + parameters.texts(types));
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
                .column("toUInt16(0)", "v")
                .column("c", "c")
                .column(question.orAfter() ? upTo(index("last") + " - c") : shifted("c"), "m");
    }

    private Select.Builder ofFirstStarts(Select.Builder people) {
        String latest = values == null ? "toInt64(" + LATEST + ")" : "toUInt128('" + EventKey.LAST + "')";
        Select first = people.column("min(if(st, start, " + latest + "))", "own")
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
        return members.column(values == null ? "toUInt16(0)" : EventKey.payload("own", 0, ValueIds.BITS), "v")
                .column(time("own"), "since")
                .column(index("since"), "c")
                .column(view(), "m");
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
        return cells.cast("bitAnd(bitShiftRight(r, toUInt16(" + cohort + ")), "
                + calendar.cast(upTo(Integer.toString(periods.count()))) + ")");
    }

    /** All periods up to one, as far as there are. */
    private String upTo(String period) {
        return cells.cast(cells.bit("greatest(toInt64(0), least(" + period + " + 1, toInt64(" + periods.count() + ")))")
                + " - 1");
    }

    /** The calendar period of a time, from the first cohort's on; times beyond either end are in the first and last. */
    private String index(String time) {
        return calendarIndex.formatted(time);
    }

    /** By arithmetic where periods are equally long, else by search; {@code %s} stands for the time. */
    private static String calendarIndex(List<Long> edges, Parameters parameters) {
        List<Long> starts = edges.subList(0, edges.size() - 1);
        long first = edges.getFirst();
        long width = edges.get(1) - first;
        List<Long> indexes = LongStream.range(0, starts.size()).boxed().toList();
        boolean even = LongStream.range(0, edges.size()).allMatch(i -> edges.get((int) i) == first + i * width);
        if (even) {
            return "greatest(toInt64(0), least(intDiv(%s - " + parameters.integer(first) + ", "
                    + parameters.integer(width) + "), toInt64(" + indexes.getLast() + ")))";
        }
        String known = parameters.integers(starts);
        return "transform(roundDown(%s, " + known + "), " + known + ", " + parameters.integers(indexes)
                + ", toInt64(0))";
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

        String union(String period, String condition) {
            return "groupBitOrIf(" + bit(period) + ", " + condition + ")";
        }
    }
}
