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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Small, dense sets of events for funnels: few people, few types, many equal times. */
final class FunnelSets {
    static final List<String> TYPES = List.of("a", "b", "c", "größe ✓");
    static final List<String> TEXTS = List.of("x", "y", "", "Ä'; --");

    private FunnelSets() {}

    /** One event; the person is made of the user, else of the anonymous id. */
    static StoredEvent event(
            TenantId tenant,
            int number,
            String type,
            long millis,
            @Nullable String user,
            @Nullable String anonymous,
            @Nullable String session,
            Map<String, String> properties) {
        Event event = new Event(
                tenant,
                new EventId("event-" + number),
                false,
                type,
                millis,
                millis + 5,
                user,
                anonymous,
                session,
                Map.of(ContextField.COUNTRY, number % 3 == 0 ? "DE" : "BR"),
                new Attributes(properties, Map.of(), Map.of()),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        String id = user != null ? user : anonymous;
        long person = id == null ? 0 : id.hashCode() * 0x9E3779B97F4A7C15L | 1;
        return new StoredEvent(event, new JournalAddress(0, number), person, Attributes.NONE);
    }

    /** Events whose times are whole steps around a moment, so that many are equal. */
    static List<StoredEvent> random(
            TenantId tenant, Instant around, long stepMillis, int spread, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<StoredEvent> events = new ArrayList<>();
        int people = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            int who = random.nextInt(people + 1);
            long millis = around.toEpochMilli()
                    + random.nextInt(-spread, spread) * stepMillis
                    + (random.nextInt(10) == 0 ? random.nextInt(-1, 2) : 0);
            events.add(event(
                    tenant,
                    i,
                    TYPES.get(random.nextInt(TYPES.size())),
                    millis,
                    who == 0 ? null : "user-" + who,
                    random.nextInt(3) == 0 ? null : "anonymous-" + random.nextInt(2),
                    random.nextInt(5) == 0 ? null : "session-" + random.nextInt(3),
                    random.nextInt(4) == 0 ? Map.of() : Map.of("p", TEXTS.get(random.nextInt(TEXTS.size())))));
        }
        return events;
    }
}
