package dev.tidemark.signin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.KeyHash;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.Passwords;
import dev.tidemark.account.People;
import dev.tidemark.account.Role;
import dev.tidemark.account.Throttle;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Caller;
import dev.tidemark.http.Change;
import dev.tidemark.http.SessionDirectory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How people get in: with a password, through a link, or through a provider; and out again. What is refused says nothing of who has an
 * account, neither in words nor in time. Blocking; thread-safe.
 */
public final class SignIn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    private final People people;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Links links;
    private final Throttle throttle;
    private final Supplier<List<TenantId>> tenants;

    /**
     * With everything that is kept of it in the metadata database.
     *
     * @param tenants all of them
     * @param random a cryptographic one outside tests
     */
    public SignIn(
            MetadataDatabase database,
            People people,
            Passwords passwords,
            Supplier<List<TenantId>> tenants,
            SessionLimits limits,
            TimeSource clock,
            RandomGenerator random,
            UuidV7 ids) {
        SignInStore store = new SqliteSignInStore(database);
        this.people = people;
        this.passwords = passwords;
        this.sessions = new Sessions(store, people, limits, clock, random);
        this.links = new Links(store, clock, random, ids);
        this.throttle = new Throttle(clock);
        this.tenants = tenants;
    }

    /** The sessions, to be recognised in requests. */
    public SessionDirectory sessions() {
        return sessions;
    }

    Sessions live() {
        return sessions;
    }

    Links links() {
        return links;
    }

    /** The secret part of a setup link, when nobody administers this server yet. */
    public Optional<String> firstSetup() {
        return people.hasAdministrator() ? Optional.empty() : Optional.of(setupSecret());
    }

    /** The secret part of a new setup link, which ends the ones before. */
    public String setupSecret() {
        return links.setup().secret();
    }

    /** What the cookie of a new session is to hold. {@code UNAUTHENTICATED} says no more than that. */
    String enter(String email, String password, Arrival arrival) {
        User user = proven(email, password, arrival.address());
        requireEnabled(user);
        LOG.atInfo().addKeyValue("user", user.id()).log("signed in");
        Change.tell(null, entered(user));
        return sessions.begin(user.id(), arrival);
    }

    /** The same for a person whom a provider has vouched for. */
    String enter(User user, Arrival arrival) {
        requireEnabled(user);
        LOG.atInfo().addKeyValue("user", user.id()).log("signed in through the provider");
        Change.tell(null, entered(user));
        return sessions.begin(user.id(), arrival);
    }

    /** Uses a link: makes or finds the person, gives what the link gives, and begins a session. */
    String accept(String secret, LinkAnswer answer, Arrival arrival) {
        String address = arrival.address();
        throttle.attempt("link " + address, address);
        OneTimeLink link = links.good(secret);
        User user = switch (link.purpose()) {
            case SETUP -> setUp(link, answer);
            case INVITATION -> invited(link, answer, address);
            case PASSWORD -> renewed(link, answer);
        };
        throttle.succeeded("link " + address, address);
        LOG.atInfo()
                .addKeyValue("user", user.id())
                .addKeyValue("purpose", link.purpose().name().toLowerCase(Locale.ROOT))
                .log("a one-time link was used");
        Change.tell(
                null,
                entered(user)
                        .put("link_id", link.id())
                        .put("purpose", link.purpose().name().toLowerCase(Locale.ROOT)));
        return sessions.begin(user.id(), arrival);
    }

    /** Gives a user another password, and ends every other session. */
    void changePassword(Caller.SignedIn person, String current, String wanted, String address) {
        User user = people.find(person.user()).orElseThrow(SignIn::refused);
        throttle.attempt(user.email(), address);
        if (!passwords.matches(user.passwordHash(), current)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "is not your password", "current_password");
        }
        throttle.succeeded(user.email(), address);
        people.changePassword(user.id(), passwords.hash(Passwords.checked(wanted, "new_password")));
        sessions.endAll(user.id(), person.sessionId());
        LOG.atInfo().addKeyValue("user", user.id()).log("password changed");
    }

    /** Takes part in every tenant that the person, by an address that was proven, was invited to. */
    void acceptInvitations(User user) {
        for (OneTimeLink link : links.invitationsFor(user.email())) {
            links.use(link);
            join(link, user);
        }
    }

    private void requireEnabled(User user) {
        if (sessions.disabledAt(user.id()).isPresent()) {
            throw refused();
        }
    }

    private static ObjectNode entered(User user) {
        return JsonNodeFactory.instance.objectNode().put("user_id", user.id().value());
    }

    private User proven(String email, String password, String address) {
        String account = email.strip().toLowerCase(Locale.ROOT);
        throttle.attempt(KeyHash.of(account), address);
        Optional<User> user = people.findByEmail(account);
        if (!passwords.matches(user.map(User::passwordHash).orElse(null), password)) {
            throw refused();
        }
        throttle.succeeded(KeyHash.of(account), address);
        return user.orElseThrow(SignIn::refused);
    }

    private User setUp(OneTimeLink link, LinkAnswer answer) {
        boolean first = !people.hasAdministrator();
        String email = User.checkedEmail(answer.email(), "email");
        Secret hash = passwords.hash(Passwords.checked(answer.password(), "password"));
        if (people.findByEmail(email).isPresent()) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there is such a user already", "email");
        }
        links.use(link);
        User user = people.create(email, answer.name(), hash, null, true);
        if (first) {
            tenants.get().stream()
                    .filter(tenant ->
                            people.members(tenant).stream().noneMatch(membership -> membership.role() == Role.OWNER))
                    .forEach(tenant -> {
                        people.put(tenant, user.id(), Role.OWNER);
                        Change.concerns(tenant);
                    });
        }
        return user;
    }

    private User invited(OneTimeLink link, LinkAnswer answer, String address) {
        String email = Objects.requireNonNull(link.email());
        Optional<User> known = people.findByEmail(email);
        if (known.isPresent()) {
            User user = proven(email, answer.password(), address);
            requireEnabled(user);
            links.use(link);
            join(link, user);
            return user;
        }
        Secret hash = passwords.hash(Passwords.checked(answer.password(), "password"));
        String name = User.checkedName(answer.name(), "name");
        links.use(link);
        User user = people.create(email, name, hash, null, false);
        join(link, user);
        return user;
    }

    private User renewed(OneTimeLink link, LinkAnswer answer) {
        User user = people.findByEmail(Objects.requireNonNull(link.email())).orElseThrow(SignIn::refused);
        requireEnabled(user);
        Secret hash = passwords.hash(Passwords.checked(answer.password(), "password"));
        links.use(link);
        sessions.endAll(user.id(), "");
        return people.changePassword(user.id(), hash);
    }

    /** An invitation never takes a role away. */
    private void join(OneTimeLink link, User user) {
        TenantId tenant = Objects.requireNonNull(link.tenant());
        Role role = Objects.requireNonNull(link.role());
        boolean more = people.role(tenant, user.id()).stream().allMatch(known -> role.compareTo(known) < 0);
        if (more) {
            people.put(tenant, user.id(), role);
            Change.concerns(tenant);
        }
    }

    private static TidemarkException refused() {
        return new TidemarkException(ErrorCode.UNAUTHENTICATED, "the e-mail address or the password is not right");
    }

    /** Writes down when sessions were last used. */
    @Override
    public void close() {
        sessions.close();
    }

    /**
     * What somebody who follows a link says.
     *
     * @param email only where the link does not say it
     */
    record LinkAnswer(String email, String name, String password) {}
}
