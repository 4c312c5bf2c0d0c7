package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where some measures look besides the range of their question, resolved to instants.
 *
 * @param days of trailing measures; null when there are none
 * @param window of persons who are active now, that of the measure with the longest; null when there are none
 */
record Horizon(@Nullable TrailingDays days, @Nullable TimeRange window) {
    static final Horizon NONE = new Horizon(null, null);
    private static final long MILLIS_PER_SECOND = 1_000L;

    /** That of a trend's buckets. */
    static Horizon of(List<Measure> measures, Buckets buckets, Instant now) {
        int lookback = lookback(measures);
        return lookback == 0 ? NONE : new Horizon(TrailingDays.of(buckets, lookback, now), null);
    }

    /** That of a range as a whole. */
    static Horizon of(List<Measure> measures, TimeRange range, ZoneId zone, Instant now) {
        int lookback = lookback(measures);
        int minutes = minutes(measures);
        return new Horizon(
                lookback == 0 ? null : TrailingDays.of(range, zone, lookback, now),
                minutes == 0 ? null : window(minutes, now));
    }

    /** It ends with the current second, so that it stays the same until that is over. */
    private static TimeRange window(int minutes, Instant now) {
        long end = Math.ceilDiv(now.toEpochMilli(), MILLIS_PER_SECOND) * MILLIS_PER_SECOND;
        return TimeRange.ofMillis(end - minutes * Interval.MILLIS_PER_MINUTE, end);
    }

    Horizon lastOnly() {
        return days == null ? this : new Horizon(days.lastOnly(), window);
    }

    /** Whether trailing measures have a day to stand at in a bucket; so it is where nothing trails. */
    boolean hasBegun(int bucket) {
        return days == null || (bucket < days.stands().size() && days.stands().get(bucket) != null);
    }

    Horizon withWindow(@Nullable TimeRange other) {
        return new Horizon(days, other);
    }

    TrailingDays requiredDays() {
        if (days == null) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a trailing measure without its days");
        }
        return days;
    }

    TimeRange requiredWindow() {
        if (window == null) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a measure of now without its window");
        }
        return window;
    }

    /** The smallest range of event times that hold all that measures of a range look at. */
    TimeRange touched(List<Measure> measures, TimeRange range) {
        TimeRange touched = null;
        for (Family family : Family.of(measures)) {
            TimeRange own = switch (family) {
                case EVENTS -> range;
                case TRAILING -> requiredDays().range();
                case SESSIONS -> range.widened(SessionLimits.LONGEST);
                case NOW -> requiredWindow();
            };
            touched = touched == null ? own : touched.hull(own);
        }
        return touched == null ? range : touched;
    }

    /** Whether no day is cut in two by units of this many milliseconds of UTC. */
    boolean fallsOn(long unitMillis) {
        return days == null || days.fallsOn(unitMillis);
    }

    private static int lookback(List<Measure> measures) {
        return measures.stream()
                .mapToInt(measure -> measure instanceof Measure.Trailing trailing
                        ? trailing.function().days()
                        : 0)
                .max()
                .orElse(0);
    }

    private static int minutes(List<Measure> measures) {
        return measures.stream()
                .mapToInt(measure -> measure instanceof Measure.ActiveNow now ? now.minutes() : 0)
                .max()
                .orElse(0);
    }
}
