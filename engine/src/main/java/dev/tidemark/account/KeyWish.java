package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a new key is to be.
 *
 * @param origins of browsers that may use a write key; empty for any
 * @param scopes what a secret key may do; null for everything
 * @param eventsPerMinute how many a write key may send; null for any number
 */
public record KeyWish(
        AccessKey.Kind kind,
        String name,
        List<String> origins,
        @Nullable Set<Permission> scopes,
        @Nullable Integer eventsPerMinute) {
    private static final int MAX_NAME_LENGTH = 200;
    private static final int MAX_PER_MINUTE = 100_000_000;

    public KeyWish {
        origins = List.copyOf(origins);
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    /** Fails, naming the field, on what a key of this kind cannot be. */
    void check() {
        if (name.length() > MAX_NAME_LENGTH) {
            throw invalid("name must have at most " + MAX_NAME_LENGTH + " characters", "name");
        }
        switch (kind) {
            case SECRET -> {
                if (!origins.isEmpty()) {
                    throw invalid("only write keys have origins: a secret key is not for browsers", "origins");
                }
                if (eventsPerMinute != null) {
                    throw invalid("only write keys have a limit", "events_per_minute");
                }
            }
            case WRITE -> {
                if (scopes != null) {
                    throw invalid(
                            "only secret keys have scopes: a write key may send events and nothing else", "scopes");
                }
            }
        }
        if (eventsPerMinute != null && (eventsPerMinute < 1 || eventsPerMinute > MAX_PER_MINUTE)) {
            throw invalid("must be from 1 to " + MAX_PER_MINUTE, "events_per_minute");
        }
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
