package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Into which slices of time a fold keeps its events apart: fine enough for the answer, and for the answers that it can move on to.
 * What lies past the end of the answer's range is kept too where that can move on, in slices of their own. Immutable.
 *
 * <p>The time that is covered runs from the first edge on, but for a gap between a range compared with and the range itself.
 */
final class FoldCut {
    private static final int MOST_SLICES = 400;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long AHEAD_SECONDS = 300;
    /** How many buckets, or days, a range compared with can move on where it is far from the range itself. */
    private static final long AHEAD = 3;

    private static final long NEVER = TimeRange.LAST_MILLIS;
    private static final List<Interval> UNITS = List.of(Interval.DAY, Interval.HOUR, Interval.MINUTE);

    private final long[] edges;
    private final boolean regular;
    private final long gapStart;
    private final long gapEnd;
    private final long end;
    private final long aheadUnit;

    /** @param regular whether it is the unit of what lies ahead that all is cut into, and the edges are only those of windows */
    private FoldCut(long[] edges, boolean regular, long gapStart, long gapEnd, long end, long aheadUnit) {
        this.edges = edges;
        this.regular = regular;
        this.gapStart = gapStart;
        this.gapEnd = gapEnd;
        this.end = end;
        this.aheadUnit = aheadUnit;
    }

    /** For an answer that does not move on. */
    static FoldCut fixed(FoldWindow window, @Nullable FoldWindow compared) {
        return of(window, compared, null, null, 0, 0);
    }

    /**
     * For a range that can move on with the clock: one that ends soon.
     *
     * @param buckets of the range; null without any
     */
    static FoldCut of(
            FoldWindow window, @Nullable FoldWindow compared, @Nullable Buckets buckets, ZoneId zone, Instant now) {
        Interval longest = buckets == null ? Interval.DAY : buckets.interval();
        long left = window.end() - now.toEpochMilli();
        boolean moves = left > 0
                && left <= millis(longest) + Interval.MILLIS_PER_HOUR
                && window.end() % Interval.MILLIS_PER_MINUTE == 0;
        if (!moves) {
            return fixed(window, compared);
        }
        Slicer fine =
                unit(window, buckets, zone).map(unit -> new Slicer(unit, zone)).orElse(null);
        Slicer ahead = new Slicer(longest.isOfDays() ? Interval.DAY : longest, zone);
        return of(
                window,
                compared,
                fine,
                fine == null ? ahead : fine,
                AHEAD * millis(longest),
                Interval.MILLIS_PER_MINUTE);
    }

    /** Second by second, for a window that moves on with every second. */
    static FoldCut bySecond(FoldWindow window, @Nullable FoldWindow compared) {
        FoldCut cut = of(window, compared, null, null, AHEAD_SECONDS * MILLIS_PER_SECOND, MILLIS_PER_SECOND);
        return new FoldCut(cut.edges, true, cut.gapStart, cut.gapEnd, cut.end, cut.aheadUnit);
    }

    /**
     * In what units the range can move on: that of its start, where it has buckets which do not start there, else that of its end.
     * Empty where the buckets are all, or where there would be too many.
     */
    private static Optional<Interval> unit(FoldWindow window, @Nullable Buckets buckets, ZoneId zone) {
        long length = window.end() - window.start();
        if (buckets != null) {
            return buckets.edges().getFirst() == window.start()
                    ? Optional.empty()
                    : UNITS.stream()
                            .filter(unit -> isEdge(window.start(), unit, zone) && fits(length, unit))
                            .findFirst();
        }
        return UNITS.stream()
                .filter(unit -> isEdge(window.end(), unit, zone)
                        && (unit == Interval.MINUTE || length >= 2 * millis(unit))
                        && fits(length, unit))
                .findFirst();
    }

    private static boolean fits(long length, Interval unit) {
        return length / millis(unit) <= MOST_SLICES;
    }

    /** At most. */
    private static long millis(Interval unit) {
        return switch (unit) {
            case MINUTE -> Interval.MILLIS_PER_MINUTE;
            case HOUR -> Interval.MILLIS_PER_HOUR;
            case DAY -> Interval.MILLIS_PER_DAY;
            case WEEK -> 7 * Interval.MILLIS_PER_DAY;
            case MONTH -> 31 * Interval.MILLIS_PER_DAY;
        };
    }

    private static boolean isEdge(long millis, Interval unit, ZoneId zone) {
        TimeRange moment = TimeRange.ofMillis(millis, millis + 1);
        return Buckets.cut(moment, unit, zone, DayOfWeek.MONDAY).edges().getFirst() == millis;
    }

    /** Cuts spans into units of a zone. */
    private record Slicer(Interval unit, ZoneId zone) {
        List<Long> edges(long start, long end) {
            return Buckets.cut(TimeRange.ofMillis(start, end), unit, zone, DayOfWeek.MONDAY)
                    .edges();
        }
    }

    private static FoldCut of(
            FoldWindow window,
            @Nullable FoldWindow compared,
            @Nullable Slicer fine,
            @Nullable Slicer beyond,
            long ahead,
            long aheadUnit) {
        TreeSet<Long> edges = new TreeSet<>(window.edges());
        addWithin(edges, fine, window.start(), window.end());
        long end = aheadUnit > 0 ? NEVER : window.end();
        if (compared == null) {
            return new FoldCut(array(edges), false, 0, 0, end, aheadUnit);
        }
        edges.addAll(compared.edges());
        addWithin(edges, fine, compared.start(), compared.end());
        // What the range compared with will move on to.
        long known = Math.max(compared.end(), Math.min(window.start(), compared.end() + ahead));
        addWithin(edges, beyond, compared.end(), known);
        edges.add(known);
        boolean gap = known < window.start();
        return new FoldCut(array(edges), false, gap ? known : 0, gap ? window.start() : 0, end, aheadUnit);
    }

    private static void addWithin(TreeSet<Long> edges, @Nullable Slicer slicer, long start, long end) {
        if (slicer != null && start < end) {
            slicer.edges(start, end).stream()
                    .filter(edge -> edge > start && edge < end)
                    .forEach(edges::add);
        }
    }

    private static long[] array(TreeSet<Long> edges) {
        return edges.stream().mapToLong(Long::longValue).toArray();
    }

    /** The start of the slice that a moment is in; -1 for one that is not covered. */
    long sliceOf(long millis) {
        int last = edges.length - 1;
        if (millis < edges[0] || millis >= end || isInGap(millis)) {
            return -1;
        }
        if (regular || millis >= edges[last]) {
            return Math.floorDiv(millis, aheadUnit) * aheadUnit;
        }
        if (millis >= edges[last - 1]) {
            return edges[last - 1];
        }
        int found = Arrays.binarySearch(edges, millis);
        return found >= 0 ? millis : edges[-found - 2];
    }

    private boolean isInGap(long millis) {
        return millis >= gapStart && millis < gapEnd;
    }

    /** The spans that are covered. */
    List<TimeRange> spans() {
        return gapEnd > gapStart
                ? List.of(TimeRange.ofMillis(edges[0], gapStart), TimeRange.ofMillis(gapEnd, end))
                : List.of(TimeRange.ofMillis(edges[0], end));
    }

    /** The start of the slice of an event in SQL, as {@link #sliceOf} finds it within a span. */
    String slice(TimeRange span, Parameters parameters) {
        String millis = Source.EVENTS.millis();
        List<Long> within = Arrays.stream(edges)
                .filter(edge -> edge >= span.startMillis() && edge <= span.endMillis())
                .boxed()
                .toList();
        String ahead = "intDiv(" + millis + ", " + aheadUnit + ") * " + aheadUnit;
        if (regular) {
            return ahead;
        }
        String known = within.size() > 1 ? EventTimes.floor(millis, within, parameters) : millis;
        return span.endMillis() > within.getLast()
                ? "if(" + millis + " < " + parameters.integer(within.getLast()) + ", " + known + ", " + ahead + ")"
                : known;
    }

    private long lastEdge() {
        return edges[edges.length - 1];
    }

    /**
     * The same for the windows of a later moment, where all that those need is in slices of this one; null where it is not.
     *
     * @param fresh what would be cut for them anew
     */
    @Nullable
    FoldCut movedTo(FoldWindow window, @Nullable FoldWindow compared, FoldCut fresh) {
        if (!serves(window) || (compared != null && !serves(compared))) {
            return null;
        }
        long start = compared == null ? window.start() : Math.min(compared.start(), window.start());
        TreeSet<Long> moved = new TreeSet<>(List.of(start));
        for (long edge : edges) {
            if (edge >= start) {
                moved.add(edge);
            }
        }
        for (long edge : fresh.edges) {
            if (edge > lastEdge() && aheadUnit > 0 && edge % aheadUnit == 0) {
                moved.add(edge);
            }
        }
        boolean gap = gapEnd > gapStart && start < gapStart;
        return new FoldCut(
                array(moved),
                regular,
                gap ? gapStart : 0,
                gap ? Math.max(gapStart, window.start()) : 0,
                end,
                aheadUnit);
    }

    private boolean serves(FoldWindow window) {
        boolean covered = window.start() >= edges[0]
                && window.end() <= end
                && (gapEnd <= gapStart || window.end() <= gapStart || window.start() >= gapEnd);
        return covered && window.edges().stream().allMatch(this::isEdge);
    }

    private boolean isEdge(long millis) {
        return regular || millis > lastEdge() ? millis % aheadUnit == 0 : Arrays.binarySearch(edges, millis) >= 0;
    }
}
