package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.util.List;

/** Event times in SQL. */
final class EventTimes {
    private EventTimes() {}

    /** The edge at or before the time of an event: by arithmetic where edges are equally far apart, else by search. */
    static String floor(Source source, List<Long> edges, Parameters parameters) {
        return floor(source.millis(), edges, parameters);
    }

    /** The same of any expression of Unix milliseconds. */
    static String floor(String millis, List<Long> edges, Parameters parameters) {
        long width = edges.get(1) - edges.get(0);
        for (int i = 1; i + 1 < edges.size(); i++) {
            if (edges.get(i + 1) - edges.get(i) != width) {
                return "roundDown(" + millis + ", " + parameters.integers(edges) + ")";
            }
        }
        String first = parameters.integer(edges.getFirst());
        String step = parameters.integer(width);
        return first + " + intDiv(" + millis + " - " + first + ", " + step + ") * " + step;
    }
}
