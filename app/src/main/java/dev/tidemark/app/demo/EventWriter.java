package dev.tidemark.app.demo;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the events of one visit, with a clock of its own that only goes forward. Not thread-safe. */
final class EventWriter {
    static final String SITE = "https://northern-trails.example";

    private final TenantId tenant;
    private final Supplier<String> ids;
    private final Visitor visitor;
    private final String session;
    private final @Nullable Account account;
    private final List<Event> events = new ArrayList<>();
    private long atMillis;
    private String page = "/";
    private String title = "Northern Trails";
    private boolean identified;

    EventWriter(TenantId tenant, Supplier<String> ids, Visitor visitor, @Nullable Account account, long startMillis) {
        this.tenant = tenant;
        this.ids = ids;
        this.visitor = visitor;
        this.account = account;
        this.atMillis = startMillis;
        this.session = "session-" + visitor.number() + "-" + startMillis / 1000;
    }

    long atMillis() {
        return atMillis;
    }

    List<Event> events() {
        return events;
    }

    void pass(long millis) {
        atMillis += millis;
    }

    /** From here on the visitor is signed in. */
    void signedIn() {
        identified = true;
    }

    void view(String path, String pageTitle, boolean landing) {
        page = path;
        title = pageTitle;
        Map<ContextField, String> context = context();
        if (landing) {
            Visitor.Source source = visitor.source();
            putUnlessEmpty(context, ContextField.REFERRER, source.referrer());
            putUnlessEmpty(context, ContextField.REFERRER_HOST, source.referrerHost());
        }
        add("page_view", context, Attributes.NONE, Attributes.NONE);
    }

    void act(String type, Map<String, String> strings, Map<String, Double> numbers) {
        add(type, context(), new Attributes(strings, numbers, Map.of()), Attributes.NONE);
    }

    /** Tells who the visitor is and what is known of them now. */
    void identify(Account who) {
        Map<String, String> traits = new HashMap<>();
        traits.put("plan", who.plan().wireName());
        traits.put("company", who.company());
        traits.put("country_name", visitor.place().countryName());
        traits.put(
                "signup_source",
                visitor.source().utmSource().isEmpty()
                        ? "direct"
                        : visitor.source().utmSource());
        identified = true;
        add(
                "identify",
                context(),
                Attributes.NONE,
                new Attributes(
                        traits,
                        Map.of("monthly_price", who.plan().monthlyPrice()),
                        Map.of("activated", who.activated())));
    }

    private void add(String type, Map<ContextField, String> context, Attributes properties, Attributes traits) {
        boolean known = identified || account != null;
        events.add(new Event(
                tenant,
                new EventId(ids.get()),
                false,
                type,
                atMillis,
                atMillis,
                known ? visitor.userId() : null,
                visitor.anonymousId(),
                session,
                context,
                properties,
                traits,
                type.equals("identify"),
                Event.NEVER_EXPIRES));
    }

    private Map<ContextField, String> context() {
        Map<ContextField, String> context = new EnumMap<>(visitor.context());
        context.put(ContextField.PAGE_URL, SITE + page);
        context.put(ContextField.PAGE_PATH, page);
        context.put(ContextField.PAGE_TITLE, title);
        Visitor.Source source = visitor.source();
        putUnlessEmpty(context, ContextField.UTM_SOURCE, source.utmSource());
        putUnlessEmpty(context, ContextField.UTM_MEDIUM, source.utmMedium());
        putUnlessEmpty(context, ContextField.UTM_CAMPAIGN, source.utmCampaign());
        return context;
    }

    private static void putUnlessEmpty(Map<ContextField, String> context, ContextField field, String value) {
        if (!value.isEmpty()) {
            context.put(field, value);
        }
    }
}
