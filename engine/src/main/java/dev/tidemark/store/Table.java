package dev.tidemark.store;

import java.util.Locale;

/** The tables that are written and asked. */
public enum Table {
    EVENTS,
    ROLLUP_MINUTE,
    ROLLUP_HOUR,
    PROFILES,
    DEAD_LETTERS,
    COHORT_MEMBERS;

    /** The name in SQL. */
    public String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
