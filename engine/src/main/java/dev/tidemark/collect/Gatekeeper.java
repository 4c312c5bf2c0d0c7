package dev.tidemark.collect;

import dev.tidemark.account.Authorization;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may send. Never blocks. Thread-safe. */
final class Gatekeeper {
    private final TenantDirectory tenants;

    Gatekeeper(TenantDirectory tenants) {
        this.tenants = tenants;
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

    /** Fails with {@code TOO_MANY_REQUESTS} when a key has sent its share of this minute. */
    void spend(Credential credential, int events) {
        if (credential instanceof Credential.WriteKey key
                && events > 0
                && !tenants.take(key, events).granted()) {
            throw new TidemarkException(
                    ErrorCode.TOO_MANY_REQUESTS, "the write key has sent as many events as it may in a minute");
        }
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
