package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When people of a cohort are looked at. A cohort is who started in one calendar period of the range. Its periods are the calendar
 * periods from that one on, or, rolling, multiples of 24 hours from each person's own start: 1 of a day, 7 of a week, 30 of a month.
 *
 * @param cohorts the calendar periods of the range
 * @param edges Unix milliseconds of the calendar periods from the first cohort's to the last cohort's last
 * @param count how many periods there are, the start period included
 * @param begun by cohort, how many of its periods have begun for anyone
 * @param complete by cohort, how many of its periods are over for everyone
 */
public record RetentionPeriods(
        Buckets cohorts, List<Long> edges, int count, boolean rolling, List<Integer> begun, List<Integer> complete) {
    static final int MAX = 200;

    public RetentionPeriods {
        edges = List.copyOf(edges);
        begun = List.copyOf(begun);
        complete = List.copyOf(complete);
    }

    static RetentionPeriods of(Buckets cohorts, DayOfWeek weekStart, int count, boolean rolling, Instant now) {
        if (count < 1 || count > MAX) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be between 1 and " + MAX, "periods");
        }
        List<Long> edges = new ArrayList<>(cohorts.edges());
        while (edges.size() < cohorts.size() + count) {
            Instant last = Instant.ofEpochMilli(edges.getLast());
            edges.add(Buckets.endOfCurrent(last, cohorts.interval(), cohorts.zone(), weekStart)
                    .toEpochMilli());
        }
        List<Integer> begun = new ArrayList<>();
        List<Integer> complete = new ArrayList<>();
        long millis = now.toEpochMilli();
        for (int cohort = 0; cohort < cohorts.size(); cohort++) {
            int begins = 0;
            int ends = 0;
            for (int period = 0; period < count; period++) {
                begins += start(cohorts, edges, cohort, period, rolling) <= millis ? 1 : 0;
                ends += end(cohorts, edges, cohort, period, rolling) <= millis ? 1 : 0;
            }
            begun.add(begins);
            complete.add(ends);
        }
        return new RetentionPeriods(cohorts, edges, count, rolling, begun, complete);
    }

    /** When a period begins for the first who can be in the cohort. */
    private static long start(Buckets cohorts, List<Long> edges, int cohort, int period, boolean rolling) {
        return rolling
                ? Math.max(edges.get(cohort), cohorts.range().startMillis()) + period * width(cohorts.interval())
                : edges.get(cohort + period);
    }

    /** When a period ends for the last who can be in the cohort. */
    private static long end(Buckets cohorts, List<Long> edges, int cohort, int period, boolean rolling) {
        return rolling
                ? Math.min(edges.get(cohort + 1), cohorts.range().endMillis())
                        + (period + 1) * width(cohorts.interval())
                : edges.get(cohort + period + 1);
    }

    /** When a period ends for the last who can be in the cohort. */
    long endMillis(int cohort, int period) {
        return end(cohorts, edges, cohort, period, rolling);
    }

    Interval interval() {
        return cohorts.interval();
    }

    /** How long a rolling period is. */
    long width() {
        return width(interval());
    }

    private static long width(Interval interval) {
        return switch (interval) {
            case WEEK -> 7 * Interval.MILLIS_PER_DAY;
            case MONTH -> 30 * Interval.MILLIS_PER_DAY;
            case MINUTE, HOUR, DAY -> Interval.MILLIS_PER_DAY;
        };
    }

    /** When the last period of anyone is over. */
    long endMillis() {
        return rolling ? cohorts.range().endMillis() + count * width() : edges.getLast();
    }
}
