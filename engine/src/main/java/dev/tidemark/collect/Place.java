package dev.tidemark.collect;

import org.jspecify.annotations.Nullable;

/**
 * Where an address is.
 *
 * @param country ISO 3166-1 code
 * @param region its English name, else its code
 * @param city its English name
 */
record Place(
        @Nullable String country,
        @Nullable String region,
        @Nullable String city) {
    static final Place UNKNOWN = new Place(null, null, null);
}
