package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.time.Instant;

/** A half-open span of event time, never empty: the start belongs to it, the end does not. Cut to milliseconds. */
public record TimeRange(Instant start, Instant end) {
    private static final Instant FAR_PAST = Instant.parse("-9999-01-01T00:00:00Z");
    private static final Instant FAR_FUTURE = Instant.parse("9999-12-31T23:59:59Z");
    static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    static final Instant LAST = Instant.parse("2106-01-01T00:00:00Z");

    /** All times that an event in the store can have. */
    static final TimeRange EVER = new TimeRange(FIRST, LAST);

    /** After the last instant that can be an event's time in the store. */
    static final long LAST_MILLIS = LAST.toEpochMilli();

    public TimeRange {
        start = milliseconds(start);
        end = milliseconds(end);
        if (!start.isBefore(end)) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "the range must end after its start", "range");
        }
    }

    /** What lies further away than milliseconds can count is as far away as they can. */
    private static Instant milliseconds(Instant instant) {
        return instant.isBefore(FAR_PAST)
                ? FAR_PAST
                : instant.isAfter(FAR_FUTURE) ? FAR_FUTURE : Instant.ofEpochMilli(instant.toEpochMilli());
    }

    static TimeRange ofMillis(long start, long end) {
        return new TimeRange(Instant.ofEpochMilli(start), Instant.ofEpochMilli(end));
    }

    public long startMillis() {
        return start.toEpochMilli();
    }

    public long endMillis() {
        return end.toEpochMilli();
    }

    /** Whether every instant of it can be an event's time in the store. */
    boolean isStorable() {
        return !start.isBefore(FIRST) && !end.isAfter(LAST);
    }

    /** Longer by some time at both ends, as far as events can be stored. */
    TimeRange widened(Duration margin) {
        Instant earlier = start.minus(margin);
        Instant later = end.plus(margin);
        return new TimeRange(
                earlier.isBefore(FIRST) && !start.isBefore(FIRST) ? FIRST : earlier,
                later.isAfter(LAST) && !end.isAfter(LAST) ? LAST : later);
    }

    /** The smallest range that covers both. */
    TimeRange hull(TimeRange other) {
        return new TimeRange(
                start.isBefore(other.start) ? start : other.start, end.isAfter(other.end) ? end : other.end);
    }
}
