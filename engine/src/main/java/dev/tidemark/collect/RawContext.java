package dev.tidemark.collect;

import dev.tidemark.base.ContextField;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller may say of an event's circumstances, with its place in the event and the column that it becomes. */
enum RawContext {
    PAGE_URL("page.url", ContextField.PAGE_URL),
    PAGE_PATH("page.path", ContextField.PAGE_PATH),
    PAGE_TITLE("page.title", ContextField.PAGE_TITLE),
    REFERRER("page.referrer", ContextField.REFERRER),
    IP("ip", null),
    USER_AGENT("user_agent", null),
    LOCALE("locale", ContextField.LOCALE),
    APP_VERSION("app.version", ContextField.APP_VERSION),
    LIBRARY_NAME("library.name", ContextField.SDK),
    LIBRARY_VERSION("library.version", null),
    CAMPAIGN_SOURCE("campaign.source", ContextField.UTM_SOURCE),
    CAMPAIGN_MEDIUM("campaign.medium", ContextField.UTM_MEDIUM),
    CAMPAIGN_NAME("campaign.name", ContextField.UTM_CAMPAIGN),
    CAMPAIGN_TERM("campaign.term", ContextField.UTM_TERM),
    CAMPAIGN_CONTENT("campaign.content", ContextField.UTM_CONTENT),
    OS_NAME("os.name", ContextField.OS),
    OS_VERSION("os.version", ContextField.OS_VERSION);

    private static final Map<String, String> CANONICAL = canonicalNames();

    private final String path;
    private final String field;
    private final @Nullable ContextField column;

    RawContext(String path, @Nullable ContextField column) {
        this.path = "context." + path;
        this.column = column;
        this.field = "context." + (column == null ? path : column.column());
    }

    /** Where it stands in an event, as in {@code context.page.url}. */
    String path() {
        return path;
    }

    /** The name under which masking rules know it, as in {@code context.page_url}. */
    String field() {
        return field;
    }

    @Nullable
    ContextField column() {
        return column;
    }

    /** The name under which masking rules know a path of an event: {@code context.page.url} is {@code context.page_url}. */
    static String canonical(String path) {
        return CANONICAL.getOrDefault(path, path);
    }

    private static Map<String, String> canonicalNames() {
        Map<String, String> names = new HashMap<>();
        for (RawContext each : values()) {
            names.put(each.path, each.field);
        }
        for (ContextField column : ContextField.values()) {
            String name = column.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("utm_")) {
                names.put("context.campaign." + name.substring("utm_".length()), "context." + name);
            }
        }
        names.put("context.userAgent", USER_AGENT.field);
        return Map.copyOf(names);
    }
}
