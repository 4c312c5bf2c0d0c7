package dev.tidemark.query;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Visits of few persons from a seed: pauses just below, at and above the length that ends a session, visits longer than a day, equal
 * times, times at midnights of a zone, missing ids, one session id of two persons.
 */
final class VisitEvents {
    static final List<String> TYPES = List.of("page_view", "page_view", "buy", "größe ✓", "'; DROP TABLE events; --");
    static final List<String> COUNTRIES = List.of("DE", "BR", "日本", "{tenant:String}");
    static final List<String> PLANS = List.of("free", "team", "", "it's");
    private static final long MINUTE = 60_000L;
    private static final long HALF_HOUR = 30 * MINUTE;
    private static final long DAY = 86_400_000L;

    private final SplittableRandom random;
    private final TenantId tenant;
    private final ZoneId zone;
    private final Instant middle;
    private final int days;
    private final List<StoredEvent> events = new ArrayList<>();

    VisitEvents(TenantId tenant, ZoneId zone, Instant middle, int days, long seed) {
        this.tenant = tenant;
        this.zone = zone;
        this.middle = middle;
        this.days = days;
        this.random = new SplittableRandom(seed);
    }

    List<StoredEvent> take(int count) {
        while (events.size() < count) {
            visit(count - events.size());
        }
        return List.copyOf(events);
    }

    private void visit(int most) {
        long millis = start();
        String user = random.nextInt(3) == 0 ? null : "user-" + random.nextInt(6);
        String anonymous = random.nextInt(4) == 0 ? null : "anonymous-" + random.nextInt(4);
        String session = random.nextInt(5) == 0 ? null : "session-" + random.nextInt(8);
        boolean lasting = random.nextInt(12) == 0;
        int length = Math.min(most, lasting ? 110 : 1 + random.nextInt(6));
        for (int i = 0; i < length; i++) {
            add(millis, user, anonymous, session);
            millis += lasting ? 25 * MINUTE + random.nextLong(5 * MINUTE) : pause();
        }
    }

    private long start() {
        ZonedDateTime day = middle.atZone(zone)
                .toLocalDate()
                .plusDays(random.nextInt(-days, days + 1))
                .atStartOfDay(zone);
        long midnight = day.toInstant().toEpochMilli();
        return switch (random.nextInt(4)) {
            case 0 -> midnight + random.nextLong(-2, 2);
            case 1 -> midnight - random.nextLong(HALF_HOUR);
            default -> midnight + random.nextLong(DAY);
        };
    }

    private long pause() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> HALF_HOUR;
            case 2 -> HALF_HOUR + 1;
            case 3 -> 10_000;
            case 4 -> 10_001;
            case 5 -> random.nextLong(10_000);
            case 6 -> random.nextLong(Duration.ofHours(1).toMillis());
            default -> random.nextLong(5 * MINUTE);
        };
    }

    private void add(long millis, @Nullable String user, @Nullable String anonymous, @Nullable String session) {
        int index = events.size();
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        if (random.nextInt(5) > 0) {
            context.put(ContextField.COUNTRY, pick(COUNTRIES));
        }
        Map<String, String> texts = new HashMap<>();
        if (random.nextInt(3) > 0) {
            texts.put("plan", pick(PLANS));
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
                new Attributes(Map.copyOf(texts), Map.of("amount", (double) random.nextInt(9)), Map.of()),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        String id = user != null ? user : anonymous;
        long person = id == null ? 0 : id.hashCode() * 0x9E3779B97F4A7C15L | 1;
        events.add(new StoredEvent(event, new JournalAddress(0, index), person, Attributes.NONE));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
