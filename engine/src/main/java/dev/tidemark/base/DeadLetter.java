package dev.tidemark.base;

import org.jspecify.annotations.Nullable;

/**
 * Something that was sent and could not become an event, kept for its tenant to see, mend and replay.
 *
 * @param id idempotency key within the tenant, as for events
 * @param reason machine-readable, as in {@code schema_violation}, {@code timestamp_in_future}
 * @param field the JSON path of what is wrong, where one field is
 * @param payload as it was received, masked by the tenant's rules
 * @param source where it came from, as in {@code http} or {@code import:access.log}
 * @param line the line number in that source, 0 where there is none
 * @param keyId which key it was sent with
 */
public record DeadLetter(
        TenantId tenant,
        EventId id,
        boolean idAssigned,
        long receivedAtMillis,
        String reason,
        @Nullable String field,
        String message,
        @Nullable String eventType,
        String payload,
        String source,
        long line,
        int expiresOnEpochDay,
        @Nullable String keyId)
        implements JournalEntry {

    /** Of something whose key is not known. */
    public DeadLetter(
            TenantId tenant,
            EventId id,
            boolean idAssigned,
            long receivedAtMillis,
            String reason,
            @Nullable String field,
            String message,
            @Nullable String eventType,
            String payload,
            String source,
            long line,
            int expiresOnEpochDay) {
        this(
                tenant,
                id,
                idAssigned,
                receivedAtMillis,
                reason,
                field,
                message,
                eventType,
                payload,
                source,
                line,
                expiresOnEpochDay,
                null);
    }
}
