package dev.tidemark.signin;

import dev.tidemark.account.KeyHash;
import dev.tidemark.account.People;
import dev.tidemark.account.UserId;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Caller;
import dev.tidemark.http.SessionDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions, kept by the hash of what their cookies hold: in memory for look-ups, which neither block nor lock, and in the store for the next
 * start. When one was last used is written down beside the requests, now and then. Thread-safe.
 */
final class Sessions implements SessionDirectory, AutoCloseable {
    private static final Duration WRITTEN_EVERY = Duration.ofMinutes(5);
    private static final int MAX_OF_USER = 50;
    private static final int NAME_LENGTH = 24;
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final SignInStore store;
    private final People people;
    private final SessionLimits limits;
    private final TimeSource clock;
    private final RandomGenerator random;
    private final Map<String, Live> byHash = new ConcurrentHashMap<>();
    private final Map<UserId, Instant> disabled = new ConcurrentHashMap<>();
    private final ExecutorService writing = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("sessions").factory());

    /** Reads all of them. The generator must be a cryptographic one outside tests. */
    Sessions(SignInStore store, People people, SessionLimits limits, TimeSource clock, RandomGenerator random) {
        this.store = store;
        this.people = people;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        disabled.putAll(store.disabled());
        store.sessions().forEach(session -> byHash.put(session.hash(), new Live(session)));
    }

    /** Begins a session; the answer is what the cookie is to hold. {@code UNAUTHENTICATED} for one who is disabled. */
    String begin(UserId user, Arrival arrival) {
        if (disabled.containsKey(user)) {
            throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "the e-mail address or the password is not right");
        }
        sweep();
        List<StoredSession> own = of(user);
        for (int index = 0; index + MAX_OF_USER <= own.size(); index++) {
            end(own.get(index).hash());
        }
        String cookie = RandomText.of(random);
        Instant now = Instant.ofEpochMilli(clock.millis());
        StoredSession session = new StoredSession(KeyHash.of(cookie), user, null, now, now, arrival);
        store.put(session);
        byHash.put(session.hash(), new Live(session));
        return cookie;
    }

    @Override
    public Optional<Caller.SignedIn> find(String cookie, boolean used) {
        Live live = byHash.get(KeyHash.of(cookie));
        if (live == null || !good(live.session) || disabled.containsKey(live.session.user())) {
            return Optional.empty();
        }
        if (used) {
            use(live);
        }
        StoredSession session = live.session;
        return people.find(session.user())
                .map(user -> new Caller.SignedIn(
                        user.id(),
                        user.administrator(),
                        name(session.hash()),
                        KeyHash.of("csrf " + cookie),
                        session.tenant()));
    }

    /** What the person works in from now on. */
    void choose(String cookie, TenantId tenant) {
        Live live = byHash.get(KeyHash.of(cookie));
        if (live != null) {
            live.session = live.session.in(tenant);
            store.put(live.session);
        }
    }

    /** Ends one session, at once and everywhere. */
    void endOf(String cookie) {
        end(KeyHash.of(cookie));
    }

    /** Ends every session of a user but the one of that name. */
    void endAll(UserId user, String exceptName) {
        for (StoredSession session : of(user)) {
            if (!name(session.hash()).equals(exceptName)) {
                end(session.hash());
            }
        }
    }

    /** Ends one session of a user by its name; false where there is none. */
    boolean endNamed(UserId user, String name) {
        Optional<StoredSession> named =
                of(user).stream().filter(session -> name(session).equals(name)).findFirst();
        named.ifPresent(session -> end(session.hash()));
        return named.isPresent();
    }

    /** Those of a user that are not over, oldest first. */
    List<StoredSession> goodOnes(UserId user) {
        return of(user).stream().filter(this::good).toList();
    }

    /** Ends every session of a user and lets none begin, or lets them begin again. */
    void disable(UserId user, boolean disable) {
        if (disable) {
            Instant now = Instant.ofEpochMilli(clock.millis());
            store.putDisabled(user, now);
            disabled.putIfAbsent(user, now);
            endAll(user, "");
        } else {
            store.removeDisabled(user);
            disabled.remove(user);
        }
    }

    /** Since when a user may not sign in; empty for one who may. */
    Optional<Instant> disabledAt(UserId user) {
        return Optional.ofNullable(disabled.get(user));
    }

    /** How a session is called without giving it away. */
    static String name(StoredSession session) {
        return name(session.hash());
    }

    private List<StoredSession> of(UserId user) {
        return byHash.values().stream()
                .map(live -> live.session)
                .filter(session -> session.user().equals(user))
                .sorted(Comparator.comparing(StoredSession::createdAt))
                .toList();
    }

    private void end(String hash) {
        byHash.remove(hash);
        store.removeSession(hash);
    }

    private boolean good(StoredSession session) {
        Instant now = clock.instant();
        return now.isBefore(session.lastUsedAt().plus(limits.idle()))
                && now.isBefore(session.createdAt().plus(limits.lifetime()));
    }

    private void sweep() {
        byHash.values().stream()
                .map(live -> live.session)
                .filter(session -> !good(session))
                .toList()
                .forEach(session -> end(session.hash()));
    }

    private void use(Live live) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        live.session = live.session.usedAt(now);
        long written = live.written.get();
        if (now.toEpochMilli() - written > WRITTEN_EVERY.toMillis()
                && live.written.compareAndSet(written, now.toEpochMilli())) {
            try {
                writing.execute(() -> write(live));
            } catch (RejectedExecutionException _) {
                LOG.debug("a session was used while the server stops");
            }
        }
    }

    private void write(Live live) {
        try {
            if (byHash.containsKey(live.session.hash())) {
                store.put(live.session);
            }
        } catch (TidemarkException failure) {
            LOG.atWarn().addKeyValue("why", failure.detail()).log("the use of a session could not be written down");
        }
    }

    private static String name(String hash) {
        return hash.substring(0, NAME_LENGTH);
    }

    /** Writes down when each was last used. */
    @Override
    public void close() {
        writing.close();
        byHash.values().forEach(this::write);
    }

    private static final class Live {
        private final AtomicLong written;
        private volatile StoredSession session;

        Live(StoredSession session) {
            this.session = session;
            this.written = new AtomicLong(session.lastUsedAt().toEpochMilli());
        }
    }
}
