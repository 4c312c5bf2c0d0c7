package dev.tidemark.store;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * At which times there are events: the exact minutes of UTC while these are few, else the hours, else the days.
 *
 * @param numbers of the minutes, hours or days since the epoch, ascending; empty for {@link Unit#EVER}
 */
public record TouchedTimes(Unit unit, List<Long> numbers) {
    static final int MOST = 64;
    private static final int MOST_DAYS = 4_096;

    public TouchedTimes {
        numbers = List.copyOf(numbers);
    }

    /** How finely times are told apart. */
    public enum Unit {
        MINUTE(60_000L),
        HOUR(3_600_000L),
        DAY(86_400_000L),
        /** All times, where there are too many days to list. */
        EVER(Long.MAX_VALUE);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }

        long of(long timestampMillis) {
            return Math.floorDiv(timestampMillis, millis);
        }

        Unit coarser() {
            return switch (this) {
                case MINUTE -> HOUR;
                case HOUR -> DAY;
                case DAY, EVER -> EVER;
            };
        }

        /** The coarser unit that one of these lies in. */
        long coarser(long number) {
            return Math.floorDiv(number, coarser().millis / millis);
        }
    }

    /** Every time of a closed range. */
    public static TouchedTimes between(long minTimestampMillis, long maxTimestampMillis) {
        Unit unit = Unit.MINUTE;
        while (unit != Unit.EVER
                && unit.of(maxTimestampMillis) - unit.of(minTimestampMillis) >= (unit == Unit.DAY ? MOST_DAYS : MOST)) {
            unit = unit.coarser();
        }
        List<Long> numbers = new ArrayList<>();
        if (unit != Unit.EVER) {
            for (long number = unit.of(minTimestampMillis); number <= unit.of(maxTimestampMillis); number++) {
                numbers.add(number);
            }
        }
        return new TouchedTimes(unit, numbers);
    }

    /** Collects the times of events. Not thread-safe. */
    public static final class Collector {
        private Unit unit = Unit.MINUTE;
        private TreeSet<Long> numbers = new TreeSet<>();
        private long last = Long.MIN_VALUE;

        public void add(long timestampMillis) {
            long number = unit.of(timestampMillis);
            if (unit == Unit.EVER || (number == last && !numbers.isEmpty())) {
                return;
            }
            last = number;
            numbers.add(number);
            while (unit != Unit.EVER && numbers.size() > (unit == Unit.DAY ? MOST_DAYS : MOST)) {
                coarsen();
            }
        }

        public TouchedTimes times() {
            return new TouchedTimes(unit, List.copyOf(numbers));
        }

        private void coarsen() {
            TreeSet<Long> coarser = new TreeSet<>();
            if (unit != Unit.DAY) {
                numbers.forEach(number -> coarser.add(unit.coarser(number)));
            }
            numbers = coarser;
            unit = unit.coarser();
            last = Long.MIN_VALUE;
        }
    }
}
