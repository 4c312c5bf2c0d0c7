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
        return this == DEAD_LETTERS ? "letters" : name().toLowerCase(Locale.ROOT);
    }

    /** Whether its rows are sums of events. */
    public boolean isRollup() {
        return this == ROLLUP_MINUTE || this == ROLLUP_HOUR;
    }

    /** Whether its rows have a day of expiry. */
    boolean expires() {
        return switch (this) {
            case EVENTS, ROLLUP_MINUTE, ROLLUP_HOUR, DEAD_LETTERS -> true;
            case PROFILES, COHORT_MEMBERS -> false;
        };
    }

    /** What a select reads: of rows that were written again, only the last. */
    String source() {
        return this == DEAD_LETTERS ? sqlName() + " FINAL" : sqlName();
    }
}
