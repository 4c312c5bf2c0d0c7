package dev.tidemark.query;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Small sets in which everything meets everything: few people, sessions and types, edges of days and sessions, equal times. */
final class DenseEvents {
    static final List<String> TYPES = List.of("a", "b", "größe ✓", "'; DROP TABLE events; --");
    static final List<String> COUNTRIES = List.of("DE", "日本", "{tenant:String}", "$other");
    private static final long MINUTE = 60_000L;
    private static final long DAY = 86_400_000L;

    private final SplittableRandom random;
    private final long middle;

    DenseEvents(Instant middle, SplittableRandom random) {
        this.middle = middle.toEpochMilli();
        this.random = random;
    }

    /** Events of a tenant of their own, spread over days. */
    List<StoredEvent> days() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new ArrayList<>();
        int count = random.nextInt(8) == 0 ? random.nextInt(2) : random.nextInt(3, 45);
        int people = random.nextInt(1, 6);
        for (int i = 0; i < count; i++) {
            long at = switch (random.nextInt(6)) {
                case 0 -> middle + random.nextLong(-4, 5) * DAY;
                case 1 -> middle + random.nextLong(-4 * 48, 5 * 48) * 30 * MINUTE - random.nextLong(2);
                case 2 -> middle + random.nextLong(-70, 70) * DAY + random.nextLong(DAY);
                case 3 -> events.isEmpty() ? middle : time(events) + random.nextLong(-3, 20) * DAY;
                case 4 -> events.isEmpty() ? middle : time(events);
                default -> middle + random.nextLong(-3 * DAY, 3 * DAY);
            };
            events.add(event(tenant, at, people, i));
        }
        return events;
    }

    /** Events of a tenant of their own, in sessions. */
    List<StoredEvent> sessions() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new ArrayList<>();
        int count = random.nextInt(8) == 0 ? random.nextInt(2) : random.nextInt(3, 40);
        boolean isLong = random.nextInt(4) == 0;
        long at = middle - random.nextLong(DAY);
        for (int i = 0; i < count; i++) {
            at += switch (random.nextInt(isLong ? 3 : 8)) {
                case 0 -> 30 * MINUTE;
                case 1 -> isLong ? 29 * MINUTE : 30 * MINUTE + 1;
                case 2 -> isLong ? 25 * MINUTE : 0;
                case 3 -> random.nextLong(3) * 8 * 60 * MINUTE;
                case 4 -> -random.nextLong(50 * MINUTE);
                default -> random.nextLong(10) * MINUTE;
            };
            events.add(event(tenant, at, isLong ? 1 : 3, i));
        }
        if (isLong) {
            for (int i = count; i < 90; i++) {
                at += random.nextLong(20, 31) * MINUTE;
                events.add(event(tenant, at, 1, i));
            }
        }
        return events;
    }

    private long time(List<StoredEvent> events) {
        return events.get(random.nextInt(events.size())).event().timestampMillis();
    }

    private StoredEvent event(TenantId tenant, long millis, int people, int index) {
        String user = random.nextInt(8) == 0 ? null : "user-" + random.nextInt(people);
        String session = random.nextInt(10) == 0 ? null : "session-" + random.nextInt(people);
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        if (random.nextInt(4) > 0) {
            context.put(ContextField.COUNTRY, pick(COUNTRIES));
        }
        Event event = new Event(
                tenant,
                new EventId("event-" + index),
                false,
                pick(TYPES),
                millis,
                millis + random.nextLong(5 * DAY),
                user,
                null,
                session,
                context,
                random.nextInt(3) == 0
                        ? Attributes.NONE
                        : new Attributes(Map.of(), Map.of("amount", (double) random.nextInt(4)), Map.of()),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        // Late events stand later in the journal than younger ones.
        int offset = random.nextInt(3) == 0 ? index + 1_000 : 1_000 - index;
        return new StoredEvent(event, new JournalAddress(0, offset * 100L + index), person(user), Attributes.NONE);
    }

    private static long person(@Nullable String user) {
        return user == null ? 0 : user.hashCode() * 0x9E3779B97F4A7C15L | 1;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
