package dev.tidemark.signin;

import dev.tidemark.account.UserId;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions and one-time links are kept. Every change is durable when its method returns. Blocking; thread-safe. Methods fail with
 * {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
interface SignInStore {

    /** Adds a session, or replaces the one of the same hash. */
    void put(StoredSession session);

    /** Removes a session, if it is there. */
    void removeSession(String hash);

    /** All of them. */
    List<StoredSession> sessions();

    /** Notes that a user may not sign in; one who is disabled already stays so since then. */
    void putDisabled(UserId user, Instant at);

    /** Lets a user sign in again, if that was forbidden. */
    void removeDisabled(UserId user);

    /** Who may not sign in, since when. */
    Map<UserId, Instant> disabled();

    void addLink(OneTimeLink link);

    Optional<OneTimeLink> findLink(String hash);

    /** Uses a link up, unless it was used or is over by then; tells whether it did. Of many who try at once one succeeds. */
    boolean useLink(String hash, Instant now);

    /** Those of a tenant that are still good, newest first. */
    List<OneTimeLink> invitations(TenantId tenant, Instant now);

    /** Those for an address that are still good, whatever the tenant. */
    List<OneTimeLink> invitationsFor(String email, Instant now);

    /** Removes a link of a tenant; tells whether there was one. */
    boolean removeLink(TenantId tenant, String id);

    /** Removes links of a purpose, if they are there. */
    void removeLinks(OneTimeLink.Purpose purpose, @Nullable String email);

    /** Removes links that were over before then. */
    void forgetLinks(Instant before);
}
