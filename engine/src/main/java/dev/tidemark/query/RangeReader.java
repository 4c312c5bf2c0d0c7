package dev.tidemark.query;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges from JSON. {@code {"last":"30d"}} ends at the end of the current bucket (of a trend; else of the current minute, hour
 * or day, as its unit), so that it stays the same range until the next bucket begins.
 */
final class RangeReader {
    static final int MAX_DAYS = 3_660;
    private static final String DEFAULT_LAST = "30d";
    private static final Pattern LAST = Pattern.compile("(\\d{1,6})([mhdwM])");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final QuestionContext context;
    private final ZoneId zone;
    private final DayOfWeek weekStart;

    RangeReader(QuestionContext context, ZoneId zone) {
        this.context = context;
        this.zone = zone;
        this.weekStart = context.weekStart();
    }

    /**
     * Resolves the range of a question.
     *
     * @param interval whose buckets the range ends with; null for that which suits
     * @param inBuckets whether the question is cut into buckets at all
     */
    TimeRange read(Fields question, @Nullable Interval interval, boolean inBuckets) {
        TimeRange range;
        String start = context.startTime();
        String end = context.endTime();
        if (start != null && end != null) {
            range = between(start, "start_time", end, "end_time");
        } else {
            range = own(question, interval, inBuckets);
            if (start != null) {
                range = checked(time(start, false, "start_time"), range.end(), "start_time");
            }
            if (end != null) {
                range = checked(range.start(), time(end, true, "end_time"), "end_time");
            }
        }
        return range;
    }

    private TimeRange own(Fields question, @Nullable Interval interval, boolean inBuckets) {
        if (!question.has("range")) {
            return last(DEFAULT_LAST, "range.last", interval, inBuckets);
        }
        Fields fields = Fields.of(question.required("range"), "range", List.of("last", "start_time", "end_time"));
        if (fields.has("last")) {
            if (fields.has("start_time") || fields.has("end_time")) {
                throw Fields.invalid("range", "give either last, or start_time and end_time");
            }
            return last(fields.requiredText("last"), fields.at("last"), interval, inBuckets);
        }
        return between(
                fields.requiredText("start_time"), fields.at("start_time"),
                fields.requiredText("end_time"), fields.at("end_time"));
    }

    private TimeRange between(String start, String startField, String end, String endField) {
        return checked(time(start, false, startField), time(end, true, endField), endField);
    }

    private TimeRange last(String text, String field, @Nullable Interval interval, boolean inBuckets) {
        Matcher matcher = LAST.matcher(text);
        int count = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (count == 0) {
            throw Fields.invalid(
                    field,
                    "'" + Fields.abbreviated(text) + "' must be a number with m, h, d, w or M (months), as in 30d");
        }
        char unit = matcher.group(2).charAt(0);
        long unitMillis = switch (unit) {
            case 'm' -> Interval.MILLIS_PER_MINUTE;
            case 'h' -> Interval.MILLIS_PER_HOUR;
            case 'd' -> Interval.MILLIS_PER_DAY;
            case 'w' -> 7 * Interval.MILLIS_PER_DAY;
            default -> 30 * Interval.MILLIS_PER_DAY;
        };
        if (count * unitMillis > MAX_DAYS * Interval.MILLIS_PER_DAY) {
            throw Fields.invalid(field, "a range can have at most " + MAX_DAYS + " days");
        }
        Interval anchor = switch (unit) {
            case 'm' -> Interval.MINUTE;
            case 'h' -> Interval.HOUR;
            default -> Interval.DAY;
        };
        if (inBuckets) {
            anchor = interval == null ? Interval.suiting(count * unitMillis) : interval;
        }
        Instant end = Buckets.endOfCurrent(context.now(), anchor, zone, weekStart);
        Instant start = switch (unit) {
            case 'm' -> end.minus(Duration.ofMinutes(count));
            case 'h' -> end.minus(Duration.ofHours(count));
            case 'd' -> Shift.back(end, zone, Period.ofDays(count));
            case 'w' -> Shift.back(end, zone, Period.ofWeeks(count));
            default -> Shift.back(end, zone, Period.ofMonths(count));
        };
        return checked(start, end, field);
    }

    private static TimeRange checked(Instant start, Instant end, String field) {
        if (!start.isBefore(end)) {
            throw Fields.invalid(field, "the range must end after its start");
        }
        TimeRange range = new TimeRange(start, end);
        if (!range.isStorable()) {
            throw Fields.invalid(field, "the range must lie between the years 1970 and 2105");
        }
        if (Duration.between(start, end).toDays() > MAX_DAYS) {
            throw Fields.invalid(field, "a range can have at most " + MAX_DAYS + " days");
        }
        return range;
    }

    private Instant time(String text, boolean asEnd, String field) {
        try {
            if (DATE.matcher(text).matches()) {
                LocalDate date = LocalDate.parse(text);
                return (asEnd ? date.plusDays(1) : date).atStartOfDay(zone).toInstant();
            }
            return text.matches(".*T.*([Zz]|[+-]\\d\\d(:?\\d\\d)?)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw Fields.invalid(
                    field,
                    "'" + Fields.abbreviated(text)
                            + "' must be a date as 2026-03-01 or a time as 2026-03-01T12:00:00Z (without an offset: in the zone)");
        }
    }
}
