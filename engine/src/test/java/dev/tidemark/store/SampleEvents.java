package dev.tidemark.store;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Believable events from a seed: a web shop's page views, searches and purchases. */
public final class SampleEvents {
    private static final List<String> TYPES =
            List.of("page_view", "page_view", "page_view", "search", "add_to_cart", "purchase", "sign_up");
    private static final List<String> COUNTRIES = List.of("DE", "US", "FR", "GB", "JP", "BR", "IN", "NL");
    private static final List<String> BROWSERS = List.of("Chrome", "Safari", "Firefox", "Edge");
    private static final List<String> SYSTEMS = List.of("Windows", "macOS", "iOS", "Android", "Linux");
    private static final List<String> SOURCES = List.of("google", "newsletter", "twitter", "", "", "", "");
    private static final List<String> PLANS = List.of("free", "team", "business");

    private static final int VISITORS_AT_ONCE = 300;
    private static final int EVENTS_A_SESSION = 9;

    private final SplittableRandom random;
    private final UuidV7 eventIds;
    private final TenantId tenant;
    private final Visitor[] visitors = new Visitor[VISITORS_AT_ONCE];
    private long offset;

    /** Someone who is on the site now. */
    private record Visitor(int user, String anonymousId, String sessionId) {}

    public SampleEvents(TenantId tenant, long seed) {
        this.tenant = tenant;
        this.random = new SplittableRandom(seed);
        this.eventIds = new UuidV7(() -> Instant.EPOCH, random);
        for (int i = 0; i < visitors.length; i++) {
            visitors[i] = arrive();
        }
    }

    private Visitor arrive() {
        int user = random.nextInt(20_000);
        String anonymousId = new UUID(user * 0x9E3779B97F4A7C15L, user * 0xC2B2AE3D27D4EB4FL).toString();
        return new Visitor(user, anonymousId, new UUID(random.nextLong(), random.nextLong()).toString());
    }

    /** Events in the order of time, evenly from the first instant on. */
    public List<StoredEvent> take(int count, long fromMillis, long stepMillis) {
        List<StoredEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(next(fromMillis + i * stepMillis));
        }
        return events;
    }

    StoredEvent next(long timestampMillis) {
        int place = random.nextInt(visitors.length);
        if (random.nextInt(EVENTS_A_SESSION) == 0) {
            visitors[place] = arrive();
        }
        Visitor visitor = visitors[place];
        int user = visitor.user();
        int page = random.nextInt(400);
        String type = TYPES.get(random.nextInt(TYPES.size()));
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        context.put(ContextField.PAGE_URL, "https://shop.example/products/" + page + "?ref=" + random.nextInt(50));
        context.put(ContextField.PAGE_PATH, "/products/" + page);
        context.put(ContextField.PAGE_TITLE, "Product " + page);
        context.put(ContextField.REFERRER, page % 3 == 0 ? "https://www.google.com/" : "");
        context.put(ContextField.REFERRER_HOST, page % 3 == 0 ? "www.google.com" : "");
        context.put(ContextField.UTM_SOURCE, SOURCES.get(user % SOURCES.size()));
        context.put(ContextField.COUNTRY, COUNTRIES.get(user % COUNTRIES.size()));
        context.put(ContextField.CITY, "City " + user % 97);
        context.put(ContextField.DEVICE_TYPE, user % 3 == 0 ? "mobile" : "desktop");
        context.put(ContextField.BROWSER, BROWSERS.get(user % BROWSERS.size()));
        context.put(ContextField.BROWSER_VERSION, Integer.toString(110 + user % 12));
        context.put(ContextField.OS, SYSTEMS.get(user % SYSTEMS.size()));
        context.put(ContextField.SDK, "tidemark-js/1.0");
        Map<String, String> texts = new HashMap<>();
        texts.put("category", "category " + page % 20);
        texts.put("variant", "v" + random.nextInt(4));
        texts.put("currency", "EUR");
        texts.put("experiment", random.nextBoolean() ? "control" : "treatment");
        texts.put("placement", "slot-" + random.nextInt(12));
        Map<String, Double> numbers = new HashMap<>();
        numbers.put("amount", random.nextInt(20_000) / 100.0);
        numbers.put("quantity", (double) (1 + random.nextInt(4)));
        numbers.put("load_time", (double) random.nextInt(3_000));
        numbers.put("position", (double) random.nextInt(40));
        Map<String, Boolean> booleans = Map.of("logged_in", random.nextBoolean());
        Event event = new Event(
                tenant,
                new EventId(eventIds.at(timestampMillis).toString()),
                true,
                type,
                timestampMillis,
                timestampMillis + random.nextInt(2_000),
                user % 2 == 0 ? "user-" + user : null,
                visitor.anonymousId(),
                visitor.sessionId(),
                context,
                new Attributes(texts, numbers, booleans),
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
        Attributes traits = user % 2 == 0
                ? new Attributes(Map.of("plan", PLANS.get(user % 3)), Map.of("seats", user % 9 + 1.0), Map.of())
                : Attributes.NONE;
        return new StoredEvent(event, new JournalAddress(0, offset++), (user + 1L) * 0x9E3779B97F4A7C15L, traits);
    }

    /** A dead letter with awkward texts. */
    StoredDeadLetter deadLetter(String id, long receivedAtMillis) {
        return new StoredDeadLetter(
                new DeadLetter(
                        tenant,
                        new EventId(id),
                        false,
                        receivedAtMillis,
                        "schema_violation",
                        "properties.amount",
                        "must be a number",
                        "purchase",
                        "{\"amount\": \"zwölf € 'x' \\\\ \\n\"}",
                        "import:access.log",
                        42,
                        Event.NEVER_EXPIRES),
                new JournalAddress(1, offset++));
    }
}
