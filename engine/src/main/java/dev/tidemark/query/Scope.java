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

    /** Whether each event of another surely is one of this. */
    boolean covers(Scope other) {
        return (eventTypes.isEmpty() || (!other.eventTypes.isEmpty() && eventTypes.containsAll(other.eventTypes)))
                && (filter == null || filter.equals(other.filter));
    }

    /** Those that its filter names. */
    List<Cohort> cohorts() {
        return filter == null ? List.of() : filter.cohorts();
    }

    /** Whether an event belongs to it by what it is, whatever other events there are. */
    boolean isOfOneEvent() {
        return filter == null || filter.isOfOneEvent();
    }

    boolean isEverything() {
        return eventTypes.isEmpty() && filter == null;
    }
}
