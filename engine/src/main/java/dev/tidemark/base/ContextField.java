package dev.tidemark.base;

import java.util.Locale;

/** What is known about the circumstances of an event, each a column of its own in the store. Order is the wire order: append only. */
public enum ContextField {
    PAGE_URL,
    PAGE_PATH,
    PAGE_TITLE,
    REFERRER,
    REFERRER_HOST,
    UTM_SOURCE,
    UTM_MEDIUM,
    UTM_CAMPAIGN,
    UTM_TERM,
    UTM_CONTENT,
    COUNTRY,
    REGION,
    CITY,
    DEVICE_TYPE,
    BROWSER,
    BROWSER_VERSION,
    OS,
    OS_VERSION,
    LOCALE,
    APP_VERSION,
    SDK;

    private final String column = name().toLowerCase(Locale.ROOT);

    /** The name of the column, and of the field in filters and breakdowns, as in {@code utm_source}. */
    public String column() {
        return column;
    }
}
