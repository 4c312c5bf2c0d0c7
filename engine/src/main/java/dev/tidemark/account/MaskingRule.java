package dev.tidemark.account;

import org.jspecify.annotations.Nullable;

/**
 * One rule that keeps personal data out of everything that is written.
 *
 * @param field what it applies to: {@code properties.x}, {@code traits.x}, {@code user_id}, {@code context.x}, with {@code *}
 *     as the last segment for everything below; {@code *} alone for every text
 * @param pattern an RE2-style expression; only the matching part of a text is replaced; null for the whole value
 */
public record MaskingRule(String field, @Nullable String pattern, Action action) {
    /** What happens to what matched. */
    public enum Action {
        /** Removed; a pattern's match becomes empty. */
        DROP,
        /** Replaced by a keyed hash that is stable within the tenant. */
        HASH,
        /** Replaced by {@code ***}. */
        REDACT
    }
}
