package dev.tidemark.process;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of users, per tenant, as of each event in the order of the journal. Of one partition; not thread-safe. */
final class UserTraits {
    private static final int CACHED_USERS = 20_000;

    private final State state;
    private final Map<User, Attributes> cache = new LruMap();

    UserTraits(State state) {
        this.state = state;
    }

    record User(TenantId tenant, String userId) {
        byte[] key() {
            return (tenant.value() + '\0' + userId).getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Reads what is known of all users of a batch at once. */
    Batch load(List<Event> events) {
        Set<User> seen = new HashSet<>();
        List<User> missing = new ArrayList<>();
        Map<User, Attributes> current = new HashMap<>();
        for (Event event : events) {
            if (event.userId() == null) {
                continue;
            }
            User user = new User(event.tenant(), event.userId());
            if (seen.add(user)) {
                Attributes cached = cache.get(user);
                if (cached == null) {
                    missing.add(user);
                } else {
                    current.put(user, cached);
                }
            }
        }
        if (!missing.isEmpty()) {
            List<byte @Nullable []> stored =
                    state.traits(missing.stream().map(User::key).toList());
            for (int index = 0; index < missing.size(); index++) {
                byte[] bytes = stored.get(index);
                current.put(missing.get(index), bytes == null ? Attributes.NONE : AttributesForm.decode(bytes));
            }
        }
        return new Batch(current, missing);
    }

    /** Makes the outcome of a committed batch the starting point of the next. */
    void committed(Batch batch) {
        for (User user : batch.loaded) {
            cache.put(user, batch.current.getOrDefault(user, Attributes.NONE));
        }
        for (User user : batch.changed) {
            cache.put(user, batch.current.getOrDefault(user, Attributes.NONE));
        }
    }

    /** Drops what is cached: the state may hold more. */
    void forget() {
        cache.clear();
    }

    /** Drops what is cached of a user. */
    void forget(User user) {
        cache.remove(user);
    }

    /** The traits of a batch's users while it is walked through. */
    static final class Batch {
        private final Map<User, Attributes> current;
        private final List<User> loaded;
        private final Set<User> changed = new HashSet<>();

        private Batch(Map<User, Attributes> current, List<User> loaded) {
            this.current = current;
            this.loaded = loaded;
        }

        /** The traits as of the event, with those that it sets itself. An event without a user has only those. */
        Attributes asOf(Event event) {
            if (event.userId() == null) {
                return event.setsTraits() ? event.traits() : Attributes.NONE;
            }
            User user = new User(event.tenant(), event.userId());
            Attributes known = current.getOrDefault(user, Attributes.NONE);
            if (!event.setsTraits() || event.traits().isEmpty()) {
                return known;
            }
            Attributes merged = merge(known, event.traits());
            current.put(user, merged);
            changed.add(user);
            return merged;
        }

        /** The bytes to be stored, by user key. */
        Map<byte[], byte[]> changes() {
            Map<byte[], byte[]> changes = new IdentityHashMap<>();
            for (User user : changed) {
                changes.put(user.key(), AttributesForm.encode(current.getOrDefault(user, Attributes.NONE)));
            }
            return changes;
        }
    }

    /** The later value of a name wins, whatever its type. */
    static Attributes merge(Attributes known, Attributes later) {
        Map<String, String> strings = new HashMap<>(known.strings());
        Map<String, Double> numbers = new HashMap<>(known.numbers());
        Map<String, Boolean> booleans = new HashMap<>(known.booleans());
        for (Map<String, ?> names : List.of(later.strings(), later.numbers(), later.booleans())) {
            strings.keySet().removeAll(names.keySet());
            numbers.keySet().removeAll(names.keySet());
            booleans.keySet().removeAll(names.keySet());
        }
        strings.putAll(later.strings());
        numbers.putAll(later.numbers());
        booleans.putAll(later.booleans());
        return new Attributes(strings, numbers, booleans);
    }

    private static final class LruMap extends LinkedHashMap<User, Attributes> {
        private static final long serialVersionUID = 1L;

        private LruMap() {
            super(1024, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<User, Attributes> eldest) {
            return size() > CACHED_USERS;
        }
    }
}
