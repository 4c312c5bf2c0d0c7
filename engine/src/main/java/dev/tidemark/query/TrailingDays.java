package dev.tidemark.query;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * At which days trailing measures stand, and the days that those trail. A bucket's number stands at its last day, the range's last
 * day if that is earlier, and today if that is earlier still; a bucket of which no day of the range has begun has none.
 *
 * @param lookback how many days are looked at for one number at most, its own included
 * @param edges where days start, Unix milliseconds, ascending, and where the last ends
 * @param numbers of the days, counted from 1970-01-01; a date that the zone skipped has no day
 * @param stands the number of the day at which each bucket stands; null for none
 */
record TrailingDays(int lookback, List<Long> edges, List<Long> numbers, List<@Nullable Long> stands) {

    TrailingDays {
        edges = List.copyOf(edges);
        numbers = List.copyOf(numbers);
        stands = Collections.unmodifiableList(new ArrayList<>(stands));
    }

    /** Those of the buckets of a trend. */
    static TrailingDays of(Buckets buckets, int lookback, Instant now) {
        List<@Nullable Long> stands = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            long start = Math.max(buckets.edges().get(i), buckets.range().startMillis());
            long end = Math.min(buckets.edges().get(i + 1), buckets.range().endMillis());
            stands.add(lastBegun(Instant.ofEpochMilli(start), Instant.ofEpochMilli(end), buckets.zone(), now));
        }
        return of(stands, lookback, buckets.range(), buckets.zone());
    }

    /** Those of a range as a whole. */
    static TrailingDays of(TimeRange range, ZoneId zone, int lookback, Instant now) {
        List<@Nullable Long> stands = new ArrayList<>();
        stands.add(lastBegun(range.start(), range.end(), zone, now));
        return of(stands, lookback, range, zone);
    }

    private static @Nullable Long lastBegun(Instant start, Instant end, ZoneId zone, Instant now) {
        LocalDate first = start.atZone(zone).toLocalDate();
        LocalDate last = end.minusMillis(1).atZone(zone).toLocalDate();
        LocalDate today = now.atZone(zone).toLocalDate();
        LocalDate stand = last.isAfter(today) ? today : last;
        return stand.isBefore(first) ? null : (Long) stand.toEpochDay();
    }

    private static TrailingDays of(List<@Nullable Long> stands, int lookback, TimeRange range, ZoneId zone) {
        List<Long> begun = stands.stream().filter(Objects::nonNull).toList();
        if (begun.isEmpty()) {
            return new TrailingDays(lookback, List.of(range.startMillis(), range.endMillis()), List.of(0L), stands);
        }
        LocalDate first = LocalDate.ofEpochDay(Math.clamp(begun.getFirst() - lookback + 1, 1, begun.getLast()));
        LocalDate last = LocalDate.ofEpochDay(begun.getLast());
        TimeRange whole = new TimeRange(
                first.atStartOfDay(zone).toInstant(),
                last.plusDays(1).atStartOfDay(zone).toInstant());
        Buckets days = Buckets.cut(whole, Interval.DAY, zone, DayOfWeek.MONDAY);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            numbers.add(days.time(i).atZone(zone).toLocalDate().toEpochDay());
        }
        return new TrailingDays(lookback, days.edges(), numbers, stands);
    }

    /** Whether each is a bucket of its own, of which these are the edges, so that nothing trails it. */
    boolean areBuckets(List<Long> bucketEdges) {
        return lookback == 1
                && !begun().isEmpty()
                && edges.size() <= bucketEdges.size()
                && edges.equals(bucketEdges.subList(0, edges.size()));
    }

    /** All that is looked at. */
    TimeRange range() {
        return TimeRange.ofMillis(edges.getFirst(), edges.getLast());
    }

    /** Only the last number of all, as that of the range as a whole. */
    TrailingDays lastOnly() {
        List<Long> begun = begun();
        if (begun.isEmpty()) {
            return this;
        }
        long last = begun.getLast();
        int first = 0;
        while (numbers.get(first) <= last - lookback) {
            first++;
        }
        return new TrailingDays(
                lookback, edges.subList(first, edges.size()), numbers.subList(first, numbers.size()), List.of(last));
    }

    /** The days of the buckets that have one, ascending. */
    List<Long> begun() {
        return stands.stream().filter(Objects::nonNull).toList();
    }

    /** Whether no day is cut in two by units of this many milliseconds of UTC. */
    boolean fallsOn(long unitMillis) {
        return edges.stream().allMatch(edge -> edge % unitMillis == 0);
    }
}
