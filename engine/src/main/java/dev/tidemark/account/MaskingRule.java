package dev.tidemark.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule that keeps personal data out of everything that is written.
 *
 * @param field what it applies to: {@code properties.x}, {@code traits.x}, {@code user_id}, {@code context.x}, with {@code *}
 *     as the last segment for everything below; {@code *} alone for every text
 * @param pattern an RE2-style expression; only the matching part of a text is replaced; null for the whole value
 * @param detect what is to be found instead of a pattern
 */
public record MaskingRule(
        String field, @Nullable String pattern, @Nullable Detect detect, Action action) {
    /** What no text should hold that it should not. */
    public static final List<MaskingRule> RECOMMENDED = List.of(
            new MaskingRule("*", null, Detect.CARD, Action.REDACT),
            new MaskingRule("*", null, Detect.EMAIL, Action.HASH),
            new MaskingRule("*", null, Detect.IP, Action.TRUNCATE));

    /** With a pattern, or for the whole value. */
    public MaskingRule(String field, @Nullable String pattern, Action action) {
        this(field, pattern, null, action);
    }

    /** What is found without a pattern. */
    public enum Detect {
        EMAIL,
        /** Numbers of payment cards, by their check digit. */
        CARD,
        IP
    }

    /** What happens to what matched. */
    public enum Action {
        /** Removed; a pattern's match becomes empty. */
        DROP,
        /** Replaced by a keyed hash that is stable within the tenant. */
        HASH,
        /** Replaced by {@code ***}. */
        REDACT,
        /** Of an IP address, the last quarter (IPv4) or all but the first 48 bits (IPv6) become zero; what is no address goes. */
        TRUNCATE
    }
}
