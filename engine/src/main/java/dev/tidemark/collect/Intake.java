package dev.tidemark.collect;

import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one request have in common.
 *
 * @param receivedAt Unix milliseconds
 * @param clockAt when it came first, by which the sender's clock is corrected: the same, but for what is replayed
 * @param sentAt of the whole request by the sender's clock, {@link RawEvent#ABSENT} without one
 * @param trusted whether the caller is the tenant's own server, whose word on IP addresses is taken
 * @param address of the caller; null when it is not the person's, as for a trusted caller
 * @param userAgent of the caller, null likewise
 * @param keyId of the credential
 * @param key that every event with a key of its own must carry; null when the request itself was authenticated
 */
record Intake(
        TenantId tenant,
        TenantSettings settings,
        MaskingRules masking,
        long receivedAt,
        long clockAt,
        long sentAt,
        boolean trusted,
        @Nullable String address,
        @Nullable String userAgent,
        @Nullable String key,
        EventFormat format,
        String source,
        @Nullable String keyId) {

    /** How long events of a type are kept; null for ever. */
    @Nullable
    Integer retentionDays(String eventType) {
        return settings.retentionDays(eventType);
    }
}
