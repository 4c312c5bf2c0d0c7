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
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Awkward events from a seed: missing ids, equal times, edges of days, values of mixed types, text that looks like SQL. */
final class RandomEvents {
    static final List<String> TYPES = List.of("view", "buy", "größe ✓", "'; DROP TABLE events; --");
    static final List<String> COUNTRIES = List.of("DE", "BR", "NP", "日本", "{tenant:String}");
    static final List<String> NAMES =
            List.of("plan", "amount", "mixed", "a.b", "we'ird", "back\\slash", "{tenant:String}");
    static final List<String> TEXTS = List.of(
            "free",
            "team",
            "",
            "5",
            "Ärger",
            "it's",
            "back\\slash",
            "line\nbreak\ttab",
            "'; DROP",
            "{p0:String}",
            "\"");
    static final List<Double> NUMBERS =
            List.of(0.0, -0.0, 1.0, 5.0, 2.5, -3.25, 1000000.0, 0.0009765625, 17.75, 1099511627776.0);
    private static final long DAY = 86_400_000L;
    private static final long MINUTE = 60_000L;

    private final SplittableRandom random;
    private final TenantId tenant;
    private final Instant middle;

    /** Events around an instant. */
    RandomEvents(TenantId tenant, Instant middle, long seed) {
        this.tenant = tenant;
        this.middle = middle;
        this.random = new SplittableRandom(seed);
    }

    List<StoredEvent> take(int count) {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long millis = i > 0 && random.nextInt(8) == 0
                    ? events.get(random.nextInt(i)).event().timestampMillis()
                    : timestamp();
            events.add(event(millis, i));
        }
        return events;
    }

    /** Events within half an hour around it, many at the edges of minutes. */
    List<StoredEvent> takeNear(int count) {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long millis = middle.toEpochMilli() + random.nextLong(-30 * MINUTE, 30 * MINUTE);
            events.add(event(random.nextInt(3) == 0 ? millis / MINUTE * MINUTE - random.nextInt(2) : millis, i));
        }
        return events;
    }

    private long timestamp() {
        long base = middle.toEpochMilli();
        return switch (random.nextInt(5)) {
            case 0 -> base + random.nextLong(-DAY, DAY) / 1_800_000L * 1_800_000L;
            case 1 -> base + random.nextLong(-40, 40) * DAY;
            case 2 -> base + random.nextLong(-40 * DAY, 40 * DAY);
            case 3 -> base + random.nextLong(-3 * 3_600_000L, 3 * 3_600_000L);
            default -> base + random.nextLong(-2 * DAY, 2 * DAY);
        };
    }

    private StoredEvent event(long millis, int index) {
        String user = random.nextInt(3) == 0 ? null : "user-" + random.nextInt(12);
        String anonymous = random.nextInt(3) == 0 ? null : "anonymous-" + random.nextInt(12);
        String session = random.nextInt(4) == 0 ? null : "session-" + random.nextInt(15);
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        if (random.nextInt(5) > 0) {
            context.put(ContextField.COUNTRY, pick(COUNTRIES));
        }
        if (random.nextInt(2) == 0) {
            context.put(ContextField.PAGE_PATH, "/page/" + random.nextInt(30));
        }
        Event event = new Event(
                tenant,
                new EventId("event-" + index),
                false,
                pick(TYPES),
                millis,
                millis + 5,
                user,
                anonymous,
                session,
                context,
                attributes(),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        return new StoredEvent(event, new JournalAddress(0, index), Person.of(event), attributes());
    }

    private Attributes attributes() {
        Map<String, String> strings = new HashMap<>();
        Map<String, Double> numbers = new HashMap<>();
        Map<String, Boolean> booleans = new HashMap<>();
        for (String name : NAMES) {
            int kind = name.equals("amount") ? 3 + random.nextInt(2) : random.nextInt(name.equals("plan") ? 2 : 5);
            switch (kind) {
                case 0 -> {}
                case 1 -> strings.put(name, pick(TEXTS));
                case 2 -> booleans.put(name, random.nextBoolean());
                default -> numbers.put(name, pick(NUMBERS));
            }
        }
        return new Attributes(
                Collections.unmodifiableMap(strings),
                Collections.unmodifiableMap(numbers),
                Collections.unmodifiableMap(booleans));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
