package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Buckets by walking a clock through the range in small steps and noting where what it shows changes. */
final class NaiveCalendar {
    private final JsonNode question;
    private final ZoneId zone;
    private final DayOfWeek weekStart;
    private final String interval;

    NaiveCalendar(JsonNode question, DayOfWeek weekStart) {
        this.question = question;
        this.zone = ZoneId.of(question.get("zone").asText());
        this.weekStart = weekStart;
        this.interval = question.path("interval").asText();
    }

    NaiveAnalyst.Span range() {
        JsonNode range = question.get("range");
        return new NaiveAnalyst.Span(
                time(range.get("start_time").asText(), 0),
                time(range.get("end_time").asText(), 1));
    }

    private Instant time(String text, int daysMore) {
        return text.contains("T")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDate.parse(text).plusDays(daysMore).atStartOfDay(zone).toInstant();
    }

    /** The natural buckets, the first and last of which can reach beyond the range. */
    List<NaiveAnalyst.Span> buckets() {
        Duration step = interval.equals("minute") ? Duration.ofSeconds(30) : Duration.ofMinutes(15);
        Instant at = floor(range().start(), step);
        while (sameBucket(at, at.minus(step))) {
            at = at.minus(step);
        }
        List<NaiveAnalyst.Span> buckets = new ArrayList<>();
        Instant start = at;
        Instant end = range().end();
        String shown = shown(start);
        while (start.isBefore(end)) {
            at = at.plus(step);
            if (!shown(at).equals(shown)) {
                buckets.add(new NaiveAnalyst.Span(start, at));
                start = at;
                shown = shown(at);
            }
        }
        return buckets;
    }

    private static Instant floor(Instant instant, Duration step) {
        return Instant.ofEpochMilli(Math.floorDiv(instant.toEpochMilli(), step.toMillis()) * step.toMillis());
    }

    private boolean sameBucket(Instant one, Instant other) {
        return shown(one).equals(shown(other));
    }

    /** What a clock on the wall shows, down to the unit; with its offset where that tells equal hours apart. */
    private String shown(Instant instant) {
        ZonedDateTime time = instant.atZone(zone);
        LocalDate date = time.toLocalDate();
        return switch (interval) {
            case "minute" -> time.truncatedTo(ChronoUnit.MINUTES).toLocalDateTime() + " " + time.getOffset();
            case "hour" -> date + " " + time.getHour() + " " + time.getOffset();
            case "day" -> date.toString();
            case "week" -> {
                while (date.getDayOfWeek() != weekStart) {
                    date = date.minusDays(1);
                }
                yield date.toString();
            }
            default -> date.getYear() + " " + date.getMonth();
        };
    }

    NaiveAnalyst.@Nullable Span comparedRange() {
        if (!question.has("compare")) {
            return null;
        }
        NaiveAnalyst.Span range = range();
        Period back = back();
        if (back == null) {
            Duration length = Duration.between(range.start(), range.end());
            return new NaiveAnalyst.Span(range.start().minus(length), range.start());
        }
        Instant start = range.start().atZone(zone).minus(back).toInstant();
        Instant end = range.end().atZone(zone).minus(back).toInstant();
        return new NaiveAnalyst.Span(
                start, end.isAfter(start) ? end : start.plus(Duration.between(range.start(), range.end())));
    }

    /** Null for exactly the length of the range. */
    private @Nullable Period back() {
        ZonedDateTime start = range().start().atZone(zone);
        ZonedDateTime end = range().end().atZone(zone);
        return switch (question.get("compare").asText()) {
            case "week" -> Period.ofDays(7);
            case "month" -> Period.ofMonths(1);
            case "year" -> Period.ofYears(1);
            default -> {
                boolean midnights = start.toLocalTime().toSecondOfDay() == 0
                        && end.toLocalTime().toSecondOfDay() == 0;
                if (interval.equals("month") && midnights && start.getDayOfMonth() == 1 && end.getDayOfMonth() == 1) {
                    yield Period.ofMonths((int) ChronoUnit.MONTHS.between(start.toLocalDate(), end.toLocalDate()));
                }
                int days = (int) ChronoUnit.DAYS.between(start.toLocalDate(), end.toLocalDate());
                yield days > 0 && start.toLocalTime().equals(end.toLocalTime()) ? Period.ofDays(days) : null;
            }
        };
    }

    /** As many as the compared range has, aligned from the first, cut to the range. */
    @Nullable
    List<NaiveAnalyst.Span> comparedBuckets() {
        NaiveAnalyst.Span compared = comparedRange();
        if (compared == null) {
            return null;
        }
        List<NaiveAnalyst.Span> here = buckets();
        List<NaiveAnalyst.Span> spans = new ArrayList<>();
        for (int i = 0; i < here.size(); i++) {
            Instant start = movedBack(here, i);
            Instant end = movedBack(here, i + 1);
            if (start.isBefore(compared.end())) {
                spans.add(new NaiveAnalyst.Span(start, end));
            }
        }
        return spans;
    }

    private LocalDate movedStart() {
        Period back = back();
        ZonedDateTime start = range().start().atZone(zone);
        return (back == null ? start : start.minus(back)).toLocalDate();
    }

    private Instant movedBack(List<NaiveAnalyst.Span> here, int bucket) {
        Instant edge =
                bucket < here.size() ? here.get(bucket).start() : here.getLast().end();
        Period back = back();
        if (back == null) {
            return edge.minus(Duration.between(range().start(), range().end()));
        }
        ZonedDateTime first = here.getFirst().start().atZone(zone).minus(back);
        return switch (interval) {
            case "minute" -> first.toInstant().plus(Duration.ofMinutes(bucket));
            case "hour" -> first.toInstant().plus(Duration.ofHours(bucket));
            case "day" ->
                first.toLocalDate().plusDays(bucket).atStartOfDay(zone).toInstant();
            case "week" -> {
                LocalDate weekFirst = here.getFirst().start().atZone(zone).toLocalDate();
                LocalDate start = range().start().atZone(zone).toLocalDate();
                yield movedStart()
                        .minusDays(ChronoUnit.DAYS.between(weekFirst, start))
                        .plusDays(7L * bucket)
                        .atStartOfDay(zone)
                        .toInstant();
            }
            default ->
                back.getDays() == 0
                        ? first.toLocalDate()
                                .plusMonths(bucket)
                                .atStartOfDay(zone)
                                .toInstant()
                        : edge.atZone(zone)
                                .toLocalDate()
                                .minus(back)
                                .atStartOfDay(zone)
                                .toInstant();
        };
    }
}
