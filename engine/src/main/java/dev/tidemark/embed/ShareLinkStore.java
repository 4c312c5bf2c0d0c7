package dev.tidemark.embed;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where share links are kept. Every change is durable when its method returns. Blocking; thread-safe. Methods fail with
 * {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
interface ShareLinkStore {

    void add(ShareLink link);

    Optional<ShareLink> find(String hash);

    /** Those of a report, newest first, revoked ones too. */
    List<ShareLink> of(TenantId tenant, String reportId);

    /** Ends a link of a report for good; tells whether there is one. An earlier end stays as it was. */
    boolean revoke(TenantId tenant, String reportId, String id, Instant at);
}
