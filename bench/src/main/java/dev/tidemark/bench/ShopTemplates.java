package dev.tidemark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Events of an online shop as its web tracker would send them: six event types, eight to ten properties each, page, user
 * agent and locale in the context, about 500 bytes of JSON. Every type is rendered in many variants, which differ in page,
 * referrer, campaign, browser, locale and strings; a variant is listed as often as it is to occur.
 */
final class ShopTemplates {
    static final List<String> EVENT_TYPES =
            List.of("page_view", "click", "product_view", "add_to_cart", "search", "purchase");

    private static final int[] VARIANTS = {120, 48, 34, 20, 12, 6};
    private static final String[] CATEGORIES = {
        "shoes", "jackets", "tents", "backpacks", "stoves", "maps", "ropes", "lamps", "bottles", "socks"
    };
    private static final String[] BRANDS = {"Nordwind", "Alto", "Terra", "Felsen", "Kiwi", "Orca"};
    private static final String[] LOCALES = {"en-US", "de-DE", "fr-FR", "es-ES", "ja-JP", "pt-BR"};
    private static final String[] REFERRERS = {
        "", "", "", "", "https://www.google.com/", "https://duckduckgo.com/", "https://www.bing.com/"
    };
    private static final String[] CAMPAIGNS = {
        "", "", "", "?utm_source=newsletter&utm_medium=email", "?utm_source=google&utm_medium=cpc"
    };
    private static final String[] USER_AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    };

    private final RandomGenerator random;
    private final boolean accounts;

    private ShopTemplates(RandomGenerator random, boolean accounts) {
        this.random = random;
        this.accounts = accounts;
    }

    static List<EventTemplate> render(RandomGenerator random) {
        return render(new ShopTemplates(random, false));
    }

    /** The same with a property {@code account}, as a platform of many shops would send it. */
    static List<EventTemplate> ofAccounts(RandomGenerator random) {
        return render(new ShopTemplates(random, true));
    }

    private static List<EventTemplate> render(ShopTemplates shop) {
        List<EventTemplate> templates = new ArrayList<>();
        for (int type = 0; type < VARIANTS.length; type++) {
            for (int variant = 0; variant < VARIANTS[type]; variant++) {
                templates.add(shop.template(EVENT_TYPES.get(type)));
            }
        }
        return List.copyOf(templates);
    }

    private EventTemplate template(String type) {
        String category = pick(CATEGORIES);
        String referrer = pick(REFERRERS);
        EventTemplate.Builder event = new EventTemplate.Builder();
        event.text("{\"event_id\":\"")
                .id()
                .text("\",\"event_type\":\"")
                .text(type)
                .text("\",\"timestamp\":\"")
                .time();
        boolean signedIn = random.nextInt(10) < 7;
        event.text(signedIn ? "\",\"user_id\":\"u" : "\",\"anonymous_id\":\"a")
                .actor()
                .text("\",\"session_id\":\"")
                .session()
                .text("\",\"properties\":{");
        if (accounts) {
            event.text("\"account\":\"a").account().text("\",");
        }
        properties(type, category, event);
        event.text("},\"context\":{\"page\":{\"url\":\"https://acme.example/")
                .text(category)
                .text("/" + (100 + random.nextInt(400)))
                .text(pick(CAMPAIGNS))
                .text(referrer.isEmpty() ? "" : "\",\"referrer\":\"" + referrer)
                .text("\"},\"user_agent\":\"")
                .text(pick(USER_AGENTS))
                .text("\",\"locale\":\"")
                .text(pick(LOCALES))
                .text("\"}}");
        return event.build();
    }

    private void properties(String type, String category, EventTemplate.Builder event) {
        string(event, "", "category", category);
        string(event, ",", "brand", pick(BRANDS));
        switch (type) {
            case "page_view" -> {
                whole(event, "load_ms", 2);
                whole(event, "scroll", 1);
                whole(event, "viewport", 3);
                string(event, ",", "layout", pick("grid", "list"));
                string(event, ",", "theme", pick("dark", "light"));
                whole(event, "dwell_ms", 4);
            }
            case "click" -> {
                string(event, ",", "element", pick("buy", "image", "rating", "menu"));
                whole(event, "x", 2);
                whole(event, "y", 2);
                whole(event, "position", 1);
                string(event, ",", "layout", pick("grid", "list"));
                whole(event, "dwell_ms", 4);
            }
            case "product_view", "add_to_cart" -> {
                sku(event);
                amount(event, "price", 2);
                whole(event, "quantity", 0);
                whole(event, "stock", 2);
                string(event, ",", "size", pick("S", "M", "L", "XL"));
                whole(event, "position", 1);
            }
            case "search" -> {
                string(event, ",", "term", pick(CATEGORIES) + " " + pick(BRANDS));
                whole(event, "results", 2);
                whole(event, "page", 0);
                whole(event, "took_ms", 1);
                string(event, ",", "order", pick("price", "rating", "new"));
                whole(event, "filters", 0);
            }
            case "purchase" -> {
                sku(event);
                amount(event, "revenue", 2);
                amount(event, "tax", 1);
                amount(event, "shipping", 0);
                whole(event, "quantity", 0);
                string(event, ",", "currency", pick("EUR", "USD", "GBP"));
                string(event, ",", "payment", pick("card", "invoice", "wallet"));
                whole(event, "order_number", 6);
            }
            default -> throw new IllegalArgumentException(type);
        }
    }

    private void sku(EventTemplate.Builder event) {
        event.text(",\"sku\":\"SKU-").number(leading(), 3).text("\"");
    }

    private static void string(EventTemplate.Builder event, String separator, String name, String value) {
        event.text(separator + "\"" + name + "\":\"" + value + "\"");
    }

    private void whole(EventTemplate.Builder event, String name, int free) {
        event.text(",\"" + name + "\":").number(leading(), free);
    }

    private void amount(EventTemplate.Builder event, String name, int free) {
        event.text(",\"" + name + "\":").amount(leading(), free);
    }

    private int leading() {
        return 1 + random.nextInt(9);
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }
}
