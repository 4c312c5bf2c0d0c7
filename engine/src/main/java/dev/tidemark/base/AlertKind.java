package dev.tidemark.base;

/** What an alert is of. */
public enum AlertKind {
    /** As many dead letters within an hour as the tenant asked to hear of. */
    DEAD_LETTERS("dead_letters"),
    /** A limit is nearly used up; its name is the subject. */
    QUOTA_SOFT("quota.soft"),
    /** A limit is used up, and what is past it is refused; its name is the subject. */
    QUOTA_HARD("quota.hard");

    private final String wireName;

    AlertKind(String wireName) {
        this.wireName = wireName;
    }

    /** As it is written in answers and messages. */
    public String wireName() {
        return wireName;
    }
}
