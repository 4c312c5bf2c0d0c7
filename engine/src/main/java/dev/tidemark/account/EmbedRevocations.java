package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which embed tokens were revoked before their end: held in memory, written through, so that a look-up neither blocks nor locks and a
 * revocation is in force when its method returns. Thread-safe.
 */
public final class EmbedRevocations {
    private final @Nullable TokenStore store;
    private final TimeSource clock;
    private final Map<Subject, Instant> issuedBefore = new ConcurrentHashMap<>();

    /** Reads all of them. */
    public EmbedRevocations(TokenStore store, TimeSource clock) {
        this.store = store;
        this.clock = clock;
        store.forget(clock.instant());
        store.revocations().forEach(this::hold);
    }

    private EmbedRevocations(TimeSource clock) {
        this.store = null;
        this.clock = clock;
    }

    /** None, and none to come. */
    static EmbedRevocations none(TimeSource clock) {
        return new EmbedRevocations(clock);
    }

    /** Ends one token. */
    public void revokeToken(TenantId tenant, String tokenId) {
        revoke(tenant, EmbedRevocation.Kind.TOKEN, tokenId);
    }

    /** Ends every token of a report that was issued until now. */
    public void revokeReport(TenantId tenant, String reportId) {
        revoke(tenant, EmbedRevocation.Kind.REPORT, reportId);
    }

    /** Ends every token that came of a share link. */
    public void revokeShare(TenantId tenant, String shareId) {
        revoke(tenant, EmbedRevocation.Kind.SHARE, shareId);
    }

    /** Whether a token is over by what was revoked; the ids are empty where the token has none. */
    boolean covers(TenantId tenant, String reportId, String tokenId, String shareId, Instant issuedAt) {
        if (issuedBefore.isEmpty()) {
            return false;
        }
        return issuedAt.isBefore(earliest(tenant, reportId))
                || covers(tenant, EmbedRevocation.Kind.TOKEN, tokenId, issuedAt)
                || covers(tenant, EmbedRevocation.Kind.SHARE, shareId, issuedAt);
    }

    /** The earliest moment of issue that is good for a report. Tokens know whole seconds, so this may be up to a second ahead. */
    Instant earliest(TenantId tenant, String reportId) {
        return issuedBefore.getOrDefault(new Subject(tenant, EmbedRevocation.Kind.REPORT, reportId), Instant.MIN);
    }

    private boolean covers(TenantId tenant, EmbedRevocation.Kind kind, String subject, Instant issuedAt) {
        Instant before = subject.isEmpty() ? null : issuedBefore.get(new Subject(tenant, kind, subject));
        return before != null && issuedAt.isBefore(before);
    }

    private void revoke(TenantId tenant, EmbedRevocation.Kind kind, String subject) {
        Instant nextSecond = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        Instant before = kind == EmbedRevocation.Kind.REPORT ? nextSecond : nextSecond.plus(EmbedTokens.LEEWAY);
        EmbedRevocation revocation = new EmbedRevocation(
                tenant,
                kind,
                subject,
                before,
                before.plus(EmbedTokens.MAX_LIFETIME).plus(EmbedTokens.LEEWAY));
        if (store != null) {
            store.revoke(revocation);
        }
        hold(revocation);
    }

    private void hold(EmbedRevocation revocation) {
        issuedBefore.merge(
                new Subject(revocation.tenant(), revocation.kind(), revocation.subject()),
                revocation.issuedBefore(),
                (one, other) -> one.isAfter(other) ? one : other);
    }

    private record Subject(TenantId tenant, EmbedRevocation.Kind kind, String id) {}
}
