package dev.tidemark.collect;

import java.util.Locale;

/** Why an event became a dead letter. */
enum DeadLetterReason {
    TIMESTAMP_IN_FUTURE,
    OLDER_THAN_RETENTION,
    SCHEMA_VIOLATION;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    String wireName() {
        return wireName;
    }
}
