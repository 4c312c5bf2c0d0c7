package dev.tidemark.query;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the catalog, most frequent first.
 *
 * @param total how many entries there are on all pages
 * @param sample of which events the entries tell; null for all of the tenant's
 */
record CatalogPage<E>(List<E> entries, long total, @Nullable CatalogSample sample) {
    CatalogPage {
        entries = List.copyOf(entries);
    }

    /** @param persons distinct persons who did it; null where not asked for */
    record EventType(
            String name,
            long events,
            Instant lastSeen,
            @Nullable Long persons) {}

    /**
     * A property and of which types its values are.
     *
     * @param texts events in which it is a text, likewise the other two
     * @param least of its numbers; null where it has none
     */
    record FoundProperty(
            String path,
            long texts,
            long numbers,
            long flags,
            @Nullable Double least,
            @Nullable Double greatest) {
        long events() {
            return texts + numbers + flags;
        }
    }

    /** @param cut whether the text goes on beyond what is shown */
    record FoundValue(Scalar value, long events, boolean cut) {}
}
