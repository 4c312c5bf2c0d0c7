package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Event times in SQL. */
final class EventTimes {
    private EventTimes() {}

    /** The edge at or before the time of an event: by arithmetic where edges are equally far apart, else by search. */
    static String floor(Source source, List<Long> edges, Parameters parameters) {
        return floor(source.millis(), edges, parameters);
    }

    /** The same of any expression of Unix milliseconds. */
    static String floor(String millis, List<Long> edges, Parameters parameters) {
        Long width = commonWidth(edges);
        if (width == null) {
            return "roundDown(" + millis + ", " + parameters.integers(edges) + ")";
        }
        if (edges.getFirst() % width == 0) {
            return "intDiv(" + millis + ", " + width + ") * " + width;
        }
        String first = parameters.integer(edges.getFirst());
        return first + " + intDiv(" + millis + " - " + first + ", " + width + ") * " + width;
    }

    /** How many edges lie at or before some milliseconds, less one: the index of the bucket. */
    static String index(String millis, List<Long> edges, Parameters parameters) {
        Long width = commonWidth(edges);
        if (width == null) {
            return "indexOfAssumeSorted(" + parameters.integers(edges) + ", " + floor(millis, edges, parameters)
                    + ") - 1";
        }
        return "intDiv(" + millis + " - " + parameters.integer(edges.getFirst()) + ", " + width + ")";
    }

    /** Whether days with these starts and numbers are those of UTC. */
    static boolean areDaysOfUtc(List<Long> starts, List<Long> numbers) {
        return IntStream.range(0, starts.size())
                .allMatch(i -> starts.get(i) == numbers.get(i) * Interval.MILLIS_PER_DAY);
    }

    /** Whether each bucket between edges is a day of UTC. */
    static boolean areWholeDaysOfUtc(List<Long> edges) {
        Long width = commonWidth(edges);
        return width != null && width == Interval.MILLIS_PER_DAY && edges.getFirst() % width == 0;
    }

    /** The distance that all edges have in common; null when they differ. */
    private static @Nullable Long commonWidth(List<Long> edges) {
        long width = edges.get(1) - edges.get(0);
        for (int i = 1; i + 1 < edges.size(); i++) {
            if (edges.get(i + 1) - edges.get(i) != width) {
                return null;
            }
        }
        return width;
    }
}
