package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, what they are in which tenant, and who may see or edit restricted reports: held in memory, written through. Look-ups neither block
 * nor lock, so that open streams can ask again and again; changes block, are durable and in force when their method returns. Thread-safe.
 */
public final class People implements ReportGrants {
    private final UserStore store;
    private final TenantDirectory tenants;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final Map<UserId, User> users = new ConcurrentHashMap<>();
    private final Map<UserId, Map<TenantId, Membership>> memberships = new ConcurrentHashMap<>();
    private final Map<TenantId, Map<String, List<ReportGrant>>> grants = new ConcurrentHashMap<>();

    /** Reads all of them. */
    public People(UserStore store, TenantDirectory tenants, List<TenantId> known, TimeSource clock, UuidV7 ids) {
        this.store = store;
        this.tenants = tenants;
        this.clock = clock;
        this.ids = ids;
        store.users().forEach(user -> users.put(user.id(), user));
        store.memberships().forEach(this::hold);
        known.forEach(tenant -> grants.put(tenant, Map.copyOf(store.grants(tenant))));
    }

    public Optional<User> find(UserId user) {
        return Optional.ofNullable(users.get(user));
    }

    /** All of them, oldest first. */
    public List<User> all() {
        return users.values().stream()
                .sorted(Comparator.comparing(User::createdAt)
                        .thenComparing(user -> user.id().value()))
                .toList();
    }

    /** Removes a user from everywhere. {@code CONFLICT} for the last owner of a tenant, {@code NOT_FOUND} where there is no such user. */
    public synchronized void removeUser(UserId user) {
        Set<TenantId> belongsTo = memberships.getOrDefault(user, Map.of()).keySet();
        belongsTo.forEach(tenant -> requireAnotherOwner(tenant, user));
        if (!store.removeUser(user)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such user");
        }
        users.remove(user);
        memberships.remove(user);
        belongsTo.forEach(tenant -> grants.put(tenant, Map.copyOf(store.grants(tenant))));
    }

    /** By the address as {@link User#checkedEmail} writes it. */
    public Optional<User> findByEmail(String email) {
        return users.values().stream()
                .filter(user -> user.email().equals(email))
                .findFirst();
    }

    /** By {@code issuer|subject} of a provider. */
    public Optional<User> findByIdentity(String identity) {
        return users.values().stream()
                .filter(user -> identity.equals(user.identity()))
                .findFirst();
    }

    /** Whether anybody administers this server. */
    public boolean hasAdministrator() {
        return users.values().stream().anyMatch(User::administrator);
    }

    /** Makes a user. {@code CONFLICT} when the address is taken. */
    public synchronized User create(
            String email,
            String name,
            @Nullable Secret passwordHash,
            @Nullable String identity,
            boolean administrator) {
        User user = new User(
                new UserId(ids.next().toString()),
                User.checkedEmail(email, "email"),
                User.checkedName(name, "name"),
                passwordHash,
                identity,
                administrator,
                Instant.ofEpochMilli(clock.millis()));
        store.addUser(user);
        users.put(user.id(), user);
        return user;
    }

    /** Gives a user another password. */
    public synchronized User changePassword(UserId user, Secret passwordHash) {
        return replace(required(user).withPassword(passwordHash));
    }

    /** Says who the user is at a provider. */
    public synchronized User linkIdentity(UserId user, String identity) {
        return replace(required(user).withIdentity(identity));
    }

    /** What the user is in an open tenant; empty where the user does not belong to it. */
    public Optional<Role> role(TenantId tenant, UserId user) {
        Membership membership = memberships.getOrDefault(user, Map.of()).get(tenant);
        return membership == null || !tenants.open(tenant) ? Optional.empty() : Optional.of(membership.role());
    }

    /** The open tenants that a user belongs to, by id. */
    public List<Membership> of(UserId user) {
        return memberships.getOrDefault(user, Map.of()).values().stream()
                .filter(membership -> tenants.open(membership.tenant()))
                .sorted(Comparator.comparing(membership -> membership.tenant().value()))
                .toList();
    }

    /** Who belongs to a tenant, in the order in which they came. */
    public List<Membership> members(TenantId tenant) {
        return memberships.values().stream()
                .map(byTenant -> byTenant.get(tenant))
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Membership::createdAt)
                        .thenComparing(membership -> membership.user().value()))
                .toList();
    }

    /** Makes a user a member, or changes the role. {@code CONFLICT} when a tenant would lose its last owner. */
    public synchronized Membership put(TenantId tenant, UserId user, Role role) {
        if (role != Role.OWNER) {
            requireAnotherOwner(tenant, user);
        }
        Membership known = memberships.getOrDefault(user, Map.of()).get(tenant);
        Membership membership = new Membership(
                tenant, user, role, known == null ? Instant.ofEpochMilli(clock.millis()) : known.createdAt());
        store.putMembership(membership);
        hold(membership);
        return membership;
    }

    /** Ends a membership. {@code NOT_FOUND} where there is none, {@code CONFLICT} for the last owner. */
    public synchronized void remove(TenantId tenant, UserId user) {
        requireAnotherOwner(tenant, user);
        if (!store.removeMembership(tenant, user)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such member");
        }
        memberships.computeIfPresent(user, (_, byTenant) -> {
            Map<TenantId, Membership> rest = new HashMap<>(byTenant);
            rest.remove(tenant);
            return Map.copyOf(rest);
        });
        grants.put(tenant, Map.copyOf(store.grants(tenant)));
    }

    @Override
    public List<ReportGrant> grants(TenantId tenant, String reportId) {
        return grants.getOrDefault(tenant, Map.of()).getOrDefault(reportId, List.of());
    }

    /** Restricts a report to those who are named; nobody named opens it again. {@code INVALID_FIELD} for one who is no member. */
    public synchronized void restrict(TenantId tenant, String reportId, List<ReportGrant> named) {
        for (int index = 0; index < named.size(); index++) {
            if (named.get(index).holder() instanceof ReportGrant.Holder.Named user
                    && !memberships.getOrDefault(user.user(), Map.of()).containsKey(tenant)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, "is not a member of the tenant", "grants[" + index + "].user_id");
            }
        }
        store.replaceGrants(tenant, reportId, named);
        grants.put(tenant, Map.copyOf(store.grants(tenant)));
    }

    private User replace(User user) {
        store.replaceUser(user);
        users.put(user.id(), user);
        return user;
    }

    private User required(UserId user) {
        return find(user).orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such user"));
    }

    private void hold(Membership membership) {
        memberships.compute(membership.user(), (_, byTenant) -> {
            Map<TenantId, Membership> all = new HashMap<>(byTenant == null ? Map.of() : byTenant);
            all.put(membership.tenant(), membership);
            return Map.copyOf(all);
        });
    }

    private void requireAnotherOwner(TenantId tenant, UserId user) {
        List<Membership> owners = members(tenant).stream()
                .filter(membership -> membership.role() == Role.OWNER)
                .toList();
        if (owners.size() == 1 && owners.getFirst().user().equals(user)) {
            throw new TidemarkException(ErrorCode.CONFLICT, "a tenant keeps at least one owner");
        }
    }
}
