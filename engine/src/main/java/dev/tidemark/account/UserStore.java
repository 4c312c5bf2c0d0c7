package dev.tidemark.account;

import dev.tidemark.base.TenantId;
import java.util.List;
import java.util.Map;

/**
 * Where users, memberships and the grants of restricted reports are kept. Every change is durable when its method returns. Blocking;
 * thread-safe. Methods fail with {@code STORAGE_FAILED} or {@code DISK_FULL}, having changed nothing.
 */
public interface UserStore {

    /** Adds a user. Fails with {@code CONFLICT} when the id, the e-mail address or the identity is taken. */
    void addUser(User user);

    /** Replaces a user of the same id; tells whether there is one. {@code CONFLICT} as above. */
    boolean replaceUser(User user);

    /** Removes a user with all memberships and grants; tells whether there was one. */
    boolean removeUser(UserId user);

    /** All of them, oldest first. */
    List<User> users();

    /** Adds a membership or changes its role. Fails with {@code NOT_FOUND} for an unknown tenant or user. */
    void putMembership(Membership membership);

    /** Ends a membership, with the user's grants in the tenant; tells whether there was one. */
    boolean removeMembership(TenantId tenant, UserId user);

    /** All of them, oldest first. */
    List<Membership> memberships();

    /** Replaces the grants of a report; none make it open again. {@code NOT_FOUND} for an unknown tenant. */
    void replaceGrants(TenantId tenant, String reportId, List<ReportGrant> grants);

    /** The grants of a tenant's restricted reports, by report. */
    Map<String, List<ReportGrant>> grants(TenantId tenant);
}
