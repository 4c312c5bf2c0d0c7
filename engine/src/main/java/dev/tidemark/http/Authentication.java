package dev.tidemark.http;

import dev.tidemark.account.Credential;
import org.jspecify.annotations.Nullable;

/** Puts the credential of a request in its place, or refuses the request. May block. Thread-safe. */
@FunctionalInterface
public interface Authentication {
    /**
     * Returns the call with its credential set where the access demands one. Fails with {@code UNAUTHENTICATED} (no or an
     * unknown credential), {@code FORBIDDEN} (not enough, or an {@code X-Tenant-ID} of another tenant) or {@code NOT_FOUND} (a report
     * that the caller may not know of).
     */
    Call authenticate(Call call, Access access);

    /** Judges once more a call that was let in, without taking that for something that the caller does. Never blocks. */
    default Call again(Call call, Access access) {
        return authenticate(call, access);
    }

    /** The call with a credential. */
    static Call with(Call call, Credential credential) {
        return call.with(credential, call.caller());
    }

    /** The call with a credential and who is behind it. */
    static Call with(Call call, @Nullable Credential credential, @Nullable Caller caller) {
        return call.with(credential, caller);
    }
}
