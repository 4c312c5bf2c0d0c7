package dev.tidemark.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To which events a measure is limited, beside the question's own filter.
 *
 * @param eventTypes any of them; empty for all
 */
public record Scope(List<String> eventTypes, @Nullable Filter filter) {
    public static final Scope EVERYTHING = new Scope(List.of(), null);

    public Scope {
        eventTypes = eventTypes.stream().distinct().sorted().toList();
    }

    /** Whether an event belongs to it by what it is, whatever other events there are. */
    boolean isOfOneEvent() {
        return filter == null || filter.isOfOneEvent();
    }

    boolean isEverything() {
        return eventTypes.isEmpty() && filter == null;
    }
}
