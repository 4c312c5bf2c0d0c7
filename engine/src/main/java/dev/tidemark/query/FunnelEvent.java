package dev.tidemark.query;

import org.jspecify.annotations.Nullable;

/**
 * An event as a funnel sees it.
 *
 * @param steps which steps it can serve, as bits from the first on
 * @param exclusions of which exclusions it is, as bits
 * @param text of the breakdown's property; null for an absent one
 */
record FunnelEvent(
        long millis, int steps, int exclusions, @Nullable String text) {}
