package dev.tidemark.http;

import dev.tidemark.account.Credential;
import dev.tidemark.account.Membership;
import dev.tidemark.account.People;
import dev.tidemark.account.Role;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Recognises persons by their session's cookie. What changes something, and what becomes a WebSocket, must come from a page of this server;
 * what changes something must also carry the session's token in {@code X-CSRF-Token}, which no other page can know. Never blocks.
 */
public final class SignedInCalls {
    private static final String CSRF_HEADER = "X-CSRF-Token";

    private final SessionDirectory sessions;
    private final People people;
    private final PublicAddress address;

    public SignedInCalls(SessionDirectory sessions, People people, PublicAddress address) {
        this.sessions = sessions;
        this.people = people;
        this.address = address;
    }

    /** The call with the person, and where the access needs a tenant with the membership; empty when nobody has signed in. */
    Optional<Call> recognised(Call call, Access access, boolean used) {
        return SessionCookie.of(call, address.secure(call))
                .flatMap(cookie -> sessions.find(cookie, used))
                .map(person -> admitted(call, person, access));
    }

    private Call admitted(Call call, Caller.SignedIn person, Access access) {
        requireOwnPage(call, person);
        return switch (access.kind()) {
            case ANYONE, SIGNED_IN -> Authentication.with(call, null, person);
            case SERVER, METRICS -> {
                if (!person.administrator()) {
                    throw new TidemarkException(ErrorCode.FORBIDDEN, "this is for administrators of the server");
                }
                yield Authentication.with(call, null, person);
            }
            case TENANT -> Authentication.with(call, member(call, person), person);
        };
    }

    private void requireOwnPage(Call call, Caller.SignedIn person) {
        boolean safe = call.method().equals("GET") || call.method().equals("HEAD");
        boolean socket = call.header("Upgrade").isPresent();
        if (safe && !socket) {
            return;
        }
        if (!address.sentByOwnPage(call)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "a session is good for pages of this server alone");
        }
        if (!safe && !matches(person.csrfToken(), call.header(CSRF_HEADER).orElse(""))) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN, "the header " + CSRF_HEADER + " must carry the session's csrf_token");
        }
    }

    private static boolean matches(String token, String presented) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    /** In the tenant that the call names, else the chosen one, else the only one. */
    private Credential member(Call call, Caller.SignedIn person) {
        TenantId tenant = call.header("X-Tenant-ID")
                .map(TenantId::new)
                .or(() -> Optional.ofNullable(person.tenant()))
                .or(() -> onlyOne(person))
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.FORBIDDEN, "say in X-Tenant-ID which of your tenants this is about"));
        Role role = people.role(tenant, person.user())
                .orElseThrow(() -> new TidemarkException(ErrorCode.FORBIDDEN, "you do not belong to this tenant"));
        return new Credential.Member(tenant, person.user(), role);
    }

    private Optional<TenantId> onlyOne(Caller.SignedIn person) {
        List<Membership> all = people.of(person.user());
        return all.size() == 1 ? Optional.of(all.getFirst().tenant()) : Optional.empty();
    }
}
