package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of a trend: where the range is cut in its zone. All calendar arithmetic of trends is here, so the engine's own
 * time zone data never matters.
 *
 * <p>Days, weeks and months run from local midnight to local midnight, so a day can have 23 or 25 hours. Hours and minutes are
 * cut where the local clock shows a full one and where the zone's offset changes, so an hour that the clock shows twice is
 * two buckets. The first bucket starts where its calendar unit does, which can be before the range; only events inside the
 * range are counted in it. Likewise the last bucket's end.
 *
 * @param edges Unix milliseconds, ascending: bucket {@code i} is from edge {@code i} up to edge {@code i + 1}
 */
public record Buckets(TimeRange range, Interval interval, ZoneId zone, List<Long> edges) {
    static final int MAX = 5_000;

    public Buckets {
        edges = List.copyOf(edges);
    }

    /** Cuts a range. */
    static Buckets cut(TimeRange range, Interval interval, ZoneId zone, DayOfWeek weekStart) {
        List<Long> edges = interval.isOfDays()
                ? dayEdges(firstDay(range, interval, zone, weekStart), range, interval, zone)
                : clockEdges(range, interval, zone);
        return new Buckets(range, interval, zone, edges);
    }

    /**
     * The same buckets earlier: a range moved back by calendar units, cut into the same steps from its own start; months that
     * are moved back by days keep their lengths. It can have fewer buckets (a shorter month); those that this one has no
     * counterpart for are left out.
     */
    Buckets movedBack(Shift shift) {
        TimeRange moved = shift.back(range, zone);
        List<Long> earlier = switch (shift) {
            case Shift.Exact exact ->
                edges.stream().map(edge -> edge - exact.millis()).toList();
            case Shift.Calendar calendar -> movedBack(calendar.period(), moved);
        };
        int last = Math.min(edges.size(), earlier.size()) - 1;
        long end = Math.min(moved.endMillis(), earlier.get(last));
        return new Buckets(TimeRange.ofMillis(moved.startMillis(), end), interval, zone, earlier.subList(0, last + 1));
    }

    private List<Long> movedBack(Period period, TimeRange moved) {
        if (interval == Interval.MONTH && period.getDays() != 0) {
            return edges.stream()
                    .map(edge -> localDate(Instant.ofEpochMilli(edge))
                            .minus(period)
                            .atStartOfDay(zone)
                            .toInstant()
                            .toEpochMilli())
                    .toList();
        }
        if (interval.isOfDays()) {
            LocalDate first = localDate(time(0));
            LocalDate movedFirst = interval == Interval.WEEK
                    ? localDate(moved.start()).minusDays(ChronoUnit.DAYS.between(first, localDate(range.start())))
                    : first.minus(period);
            return dayEdges(movedFirst, moved, interval, zone);
        }
        long width = clockMillis(interval);
        long edge =
                Shift.back(Instant.ofEpochMilli(edges.getFirst()), zone, period).toEpochMilli();
        List<Long> earlier = new ArrayList<>(List.of(edge));
        while (edge < moved.endMillis() && earlier.size() < edges.size()) {
            edge += width;
            earlier.add(edge);
        }
        return earlier;
    }

    private LocalDate localDate(Instant instant) {
        return instant.atZone(zone).toLocalDate();
    }

    public int size() {
        return edges.size() - 1;
    }

    /** Where a bucket starts. */
    public Instant time(int bucket) {
        return Instant.ofEpochMilli(edges.get(bucket));
    }

    /** The buckets from one up to another, with what of the range is in them. */
    Buckets part(int from, int to) {
        return new Buckets(
                TimeRange.ofMillis(
                        Math.max(range.startMillis(), edges.get(from)), Math.min(range.endMillis(), edges.get(to))),
                interval,
                zone,
                edges.subList(from, to + 1));
    }

    /** The bucket that starts at an edge; -1 for none. */
    int startingAt(long edge) {
        int bucket = holding(edge);
        return bucket >= 0 && bucket < size() && edges.get(bucket) == edge ? bucket : -1;
    }

    /** The bucket that a moment between the first and the last edge is in; -1 before the first. */
    int holding(long millis) {
        int found = Collections.binarySearch(edges, millis);
        return found >= 0 ? found : -found - 2;
    }

    /** The first bucket whose end lies in the future; the number of buckets when none does. */
    int firstEndingAfter(Instant now) {
        int bucket = size();
        while (bucket > 0 && edges.get(bucket) > now.toEpochMilli()) {
            bucket--;
        }
        return bucket;
    }

    /** The length that all buckets have in common; null when they differ. */
    @Nullable
    Long commonWidth() {
        long width = edges.get(1) - edges.get(0);
        for (int i = 1; i < size(); i++) {
            if (edges.get(i + 1) - edges.get(i) != width) {
                return null;
            }
        }
        return width;
    }

    /** Whether no bucket and neither end of the range cuts a unit of this many milliseconds of UTC in two. */
    boolean fallsOn(long unitMillis) {
        if (range.startMillis() % unitMillis != 0 || range.endMillis() % unitMillis != 0) {
            return false;
        }
        return edges.subList(1, size()).stream().allMatch(edge -> edge % unitMillis == 0);
    }

    private static List<Long> clockEdges(TimeRange range, Interval interval, ZoneId zone) {
        long width = clockMillis(interval);
        ZoneRules rules = zone.getRules();
        long edge = clockFloor(range.startMillis(), width, rules);
        List<Long> edges = new ArrayList<>(List.of(edge));
        while (edge < range.endMillis()) {
            Instant instant = Instant.ofEpochMilli(edge);
            long offset = rules.getOffset(instant).getTotalSeconds() * 1000L;
            long next = Math.floorDiv(edge + offset, width) * width + width - offset;
            ZoneOffsetTransition change = rules.nextTransition(instant);
            if (change != null && change.getInstant().toEpochMilli() < next) {
                next = change.getInstant().toEpochMilli();
            }
            edge = next;
            add(edges, edge);
        }
        return edges;
    }

    private static long clockFloor(long millis, long width, ZoneRules rules) {
        Instant instant = Instant.ofEpochMilli(millis);
        long offset = rules.getOffset(instant).getTotalSeconds() * 1000L;
        long floor = Math.floorDiv(millis + offset, width) * width - offset;
        ZoneOffsetTransition change = rules.previousTransition(instant.plusMillis(1));
        return change == null ? floor : Math.max(floor, change.getInstant().toEpochMilli());
    }

    private static LocalDate firstDay(TimeRange range, Interval interval, ZoneId zone, DayOfWeek weekStart) {
        return unitOf(range.start().atZone(zone).toLocalDate(), interval, weekStart);
    }

    private static LocalDate unitOf(LocalDate date, Interval interval, DayOfWeek weekStart) {
        return switch (interval) {
            case WEEK -> date.with(TemporalAdjusters.previousOrSame(weekStart));
            case MONTH -> date.withDayOfMonth(1);
            case MINUTE, HOUR, DAY -> date;
        };
    }

    private static List<Long> dayEdges(LocalDate first, TimeRange range, Interval interval, ZoneId zone) {
        List<Long> edges = new ArrayList<>();
        for (int step = 0; edges.isEmpty() || edges.getLast() < range.endMillis(); step++) {
            LocalDate date = switch (interval) {
                case WEEK -> first.plusWeeks(step);
                case MONTH -> first.plusMonths(step);
                case MINUTE, HOUR, DAY -> first.plusDays(step);
            };
            long edge = date.atStartOfDay(zone).toInstant().toEpochMilli();
            if (edges.size() == 1 && edge <= range.startMillis()) {
                edges.clear();
            }
            if (edges.isEmpty() || edge > edges.getLast()) {
                add(edges, edge);
            }
        }
        return edges;
    }

    /** The end of the bucket that an instant is in. */
    static Instant endOfCurrent(Instant now, Interval interval, ZoneId zone, DayOfWeek weekStart) {
        TimeRange moment = new TimeRange(now, now.plusMillis(1));
        return Instant.ofEpochMilli(
                cut(moment, interval, zone, weekStart).edges().getLast());
    }

    static ZoneOffset offsetAt(ZoneId zone, Instant instant) {
        return zone.getRules().getOffset(instant);
    }

    private static long clockMillis(Interval interval) {
        return interval == Interval.MINUTE ? Interval.MILLIS_PER_MINUTE : Interval.MILLIS_PER_HOUR;
    }

    private static void add(List<Long> edges, long edge) {
        if (edges.size() > MAX) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "this interval would cut the range into more than " + MAX + " buckets; take a longer one",
                    "interval");
        }
        edges.add(edge);
    }
}
