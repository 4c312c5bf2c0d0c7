package dev.tidemark.collect;

import dev.tidemark.account.Authorization;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.account.RateLimiter;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may send. Never blocks. Thread-safe. */
final class Gatekeeper {
    private final TenantDirectory tenants;
    private final EventAllowance allowance;
    private final TimeSource time;

    Gatekeeper(TenantDirectory tenants, EventAllowance allowance, TimeSource time) {
        this.tenants = tenants;
        this.allowance = allowance;
        this.time = time;
    }

    /** The key in an {@code Authorization} header: a bearer token, or the user name of basic authentication. */
    static @Nullable String keyOf(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        String value = authorization.strip();
        if (value.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return absentIfEmpty(value.substring(7).strip());
        }
        if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair =
                        new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return absentIfEmpty(colon < 0 ? pair : pair.substring(0, colon));
            } catch (IllegalArgumentException _) {
                throw new TidemarkException(
                        ErrorCode.UNAUTHENTICATED, "the Authorization header is not valid basic authentication");
            }
        }
        throw new TidemarkException(
                ErrorCode.UNAUTHENTICATED, "the Authorization header must be of type Bearer or Basic");
    }

    /** Fails with {@code UNAUTHENTICATED} or {@code FORBIDDEN}. */
    Credential admit(Submission submission, @Nullable String bodyKey) {
        String key = submission.presentedKey() == null ? bodyKey : submission.presentedKey();
        if (key == null) {
            throw new TidemarkException(
                    ErrorCode.UNAUTHENTICATED,
                    "a key is needed: as Authorization (Bearer or Basic), X-Write-Key or X-API-Key header, as key in the"
                            + " query, or as write_key in the body");
        }
        Credential credential = tenants.authenticate(key)
                .orElseThrow(() -> new TidemarkException(ErrorCode.UNAUTHENTICATED, "the key is not known"));
        String tenant = submission.tenantHeader();
        if (tenant != null && !tenant.equals(credential.tenant().value())) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "X-Tenant-ID names another tenant than that of the key");
        }
        return switch (credential) {
            case Credential.WriteKey write -> fromOrigin(submission, write);
            case Credential.SecretKey secret -> permitted(secret, submission);
            case Credential.EmbedToken _, Credential.Member _, Credential.Bearer _ ->
                throw new TidemarkException(ErrorCode.FORBIDDEN, "events are sent with a key");
        };
    }

    /**
     * Takes events from what the tenant, and the key, may send: all or none. Fails with {@code RATE_LIMITED} or {@code QUOTA_EXCEEDED}.
     */
    EventAllowance.Reservation spend(Credential credential, int events) {
        EventAllowance.Reservation reservation = allowance.reserve(credential.tenant(), events);
        if (credential instanceof Credential.WriteKey key && events > 0) {
            RateLimiter.Taken taken = tenants.take(key, events);
            if (!taken.granted()) {
                reservation.cancel();
                throw new TidemarkException(
                        ErrorCode.RATE_LIMITED,
                        "the write key has sent as many events as it may in a minute",
                        new Exceeded(
                                "key_events_per_minute",
                                tenants.perMinute(key),
                                time.instant().plus(taken.delay()),
                                taken.delay(),
                                Map.of()));
            }
        }
        return reservation;
    }

    private static Credential permitted(Credential.SecretKey key, Submission submission) {
        Permission needed = submission.kind() == Submission.Kind.DEAD_LETTERS
                ? Permission.DEAD_LETTERS_EDIT
                : Permission.EVENTS_SEND;
        if (!Authorization.permits(key, needed)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "this needs the permission " + needed.wireName());
        }
        return key;
    }

    private static Credential fromOrigin(Submission submission, Credential.WriteKey key) {
        if (submission.kind() == Submission.Kind.DEAD_LETTERS || submission.reportDuplicates()) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "this needs a secret key");
        }
        String origin = submission.origin();
        boolean listed = origin == null
                || key.origins().isEmpty()
                || key.origins().stream().anyMatch(allowed -> allowed.equals("*") || allowed.equalsIgnoreCase(origin));
        if (!listed) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN, "the write key does not accept events from this origin", "origin");
        }
        return key;
    }

    Optional<Credential> find(String key) {
        return tenants.authenticate(key);
    }

    private static @Nullable String absentIfEmpty(String key) {
        return key.isEmpty() ? null : key;
    }
}
