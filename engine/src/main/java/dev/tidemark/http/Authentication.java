package dev.tidemark.http;

import dev.tidemark.account.Credential;

/** Puts the credential of a request in its place, or refuses the request. May block. Thread-safe. */
@FunctionalInterface
public interface Authentication {
    /**
     * Returns the call with its credential set where the access demands one. Fails with {@code UNAUTHENTICATED} (no or an
     * unknown credential) or {@code FORBIDDEN} (not enough, or an {@code X-Tenant-ID} of another tenant).
     */
    Call authenticate(Call call, Access access);

    /** The call with a credential. */
    static Call with(Call call, Credential credential) {
        return call.with(credential);
    }
}
