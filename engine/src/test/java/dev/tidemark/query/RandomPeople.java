package dev.tidemark.query;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What few people did around an instant, from a seed: equal times, events that come late, ids that are missing, a user and an
 * anonymous person of the same name, traits that change their value and their type.
 */
final class RandomPeople {
    static final List<String> TYPES = List.of("view", "buy", "größe ✓", "identify");
    static final List<String> NAMES = List.of("x", "ü", "it's", "日本");
    static final List<String> PLANS = List.of("free", "team", "{p0:String}");
    private static final long HOUR = 3_600_000L;
    private static final long DAY = 24 * HOUR;

    private final SplittableRandom random;
    private final TenantId tenant;
    private final long middle;

    RandomPeople(TenantId tenant, Instant middle, long seed) {
        this.tenant = tenant;
        this.middle = middle.toEpochMilli();
        this.random = new SplittableRandom(seed);
    }

    List<StoredEvent> take(int count) {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long millis = i > 0 && random.nextInt(4) == 0
                    ? events.get(random.nextInt(i)).event().timestampMillis()
                    : timestamp();
            events.add(event(millis, i));
        }
        return events;
    }

    private long timestamp() {
        return switch (random.nextInt(4)) {
            case 0 -> middle + random.nextLong(-30, 10) * DAY;
            case 1 -> middle + random.nextLong(-48, 48) * HOUR / 2;
            case 2 -> middle + random.nextLong(-30 * DAY, 10 * DAY);
            default -> middle + random.nextLong(-3 * DAY, 3 * DAY);
        };
    }

    private StoredEvent event(long millis, int index) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        String user = random.nextInt(3) == 0 ? null : NAMES.get(random.nextInt(NAMES.size()));
        String anonymous = random.nextInt(3) == 0 ? null : NAMES.get(random.nextInt(NAMES.size()));
        Map<ContextField, String> context =
                random.nextBoolean() ? Map.of(ContextField.COUNTRY, random.nextBoolean() ? "DE" : "NP") : Map.of();
        Event event = new Event(
                tenant,
                new EventId("event-" + index),
                false,
                type,
                millis,
                millis + random.nextInt(1000),
                user,
                anonymous,
                random.nextInt(3) == 0 ? null : "s" + random.nextInt(5),
                context,
                attributes(),
                Attributes.NONE,
                type.equals("identify"),
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, index), Person.of(event), attributes());
    }

    private Attributes attributes() {
        Map<String, String> strings = new HashMap<>();
        Map<String, Double> numbers = new HashMap<>();
        Map<String, Boolean> booleans = new HashMap<>();
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> numbers.put("plan", (double) random.nextInt(3));
            default -> strings.put("plan", PLANS.get(random.nextInt(PLANS.size())));
        }
        if (random.nextBoolean()) {
            numbers.put("amount", random.nextInt(-3, 8) / 2.0);
        }
        if (random.nextInt(3) == 0) {
            booleans.put("beta", random.nextBoolean());
        }
        return new Attributes(strings, numbers, booleans);
    }

    /** The one whom an event is of; null for nobody. */
    static @Nullable String person(StoredEvent event) {
        if (event.event().userId() != null) {
            return "user " + event.event().userId();
        }
        return event.event().anonymousId() == null
                ? null
                : "anonymous " + event.event().anonymousId();
    }
}
