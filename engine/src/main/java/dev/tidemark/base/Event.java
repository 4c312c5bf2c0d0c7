package dev.tidemark.base;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One accepted event, after validation, clock correction, masking and enrichment.
 *
 * @param idAssigned whether the server made the id, in which case the event is never a duplicate
 * @param type the event type, 1 to 200 characters
 * @param timestampMillis event time, Unix milliseconds, corrected for the client's clock
 * @param userId absent when the client sent none or a junk id
 * @param properties of this event
 * @param traits of the user, given only by an event that sets them (identify); empty otherwise
 * @param setsTraits whether the traits are to be merged into what is known of the user
 * @param expiresOnEpochDay the day after which the tenant's retention drops the event; {@link #NEVER_EXPIRES} without one
 */
public record Event(
        TenantId tenant,
        EventId id,
        boolean idAssigned,
        String type,
        long timestampMillis,
        long receivedAtMillis,
        @Nullable String userId,
        @Nullable String anonymousId,
        @Nullable String sessionId,
        Map<ContextField, String> context,
        Attributes properties,
        Attributes traits,
        boolean setsTraits,
        int expiresOnEpochDay)
        implements JournalEntry {

    /** 2149-06-06, the last day that the store's date type holds. */
    public static final int NEVER_EXPIRES = 65_535;
}
