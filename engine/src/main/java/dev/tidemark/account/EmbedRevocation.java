package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.time.Instant;

/**
 * What of a tenant's embed tokens is no longer good.
 *
 * @param subject the id of a token or of a share link, or a report
 * @param issuedBefore what was issued earlier is over
 * @param forgetAt when nothing that this covers can still be good by its own time
 */
public record EmbedRevocation(TenantId tenant, Kind kind, String subject, Instant issuedBefore, Instant forgetAt) {
    /** What is revoked. */
    public enum Kind {
        /** One token, by its {@code jti}. */
        TOKEN,
        /** Every token of a report. */
        REPORT,
        /** Every token that came of a share link. */
        SHARE
    }
}
