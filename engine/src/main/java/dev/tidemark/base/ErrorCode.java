package dev.tidemark.base;

/** Every failure that crosses a stage boundary, with who can mend it and whether the same call may succeed later. */
public enum ErrorCode {
    MALFORMED_BODY(Category.CALLER, false),
    INVALID_FIELD(Category.CALLER, false),
    BODY_TOO_LARGE(Category.CALLER, false),
    UNSUPPORTED_ENCODING(Category.CALLER, false),
    UNAUTHENTICATED(Category.CALLER, false),
    FORBIDDEN(Category.CALLER, false),
    NOT_FOUND(Category.CALLER, false),
    CONFLICT(Category.CALLER, false),
    TOO_MANY_REQUESTS(Category.CAPACITY, true),
    /** More at a time than a limit allows; the same call succeeds soon. */
    RATE_LIMITED(Category.CAPACITY, true),
    /** The server is busy, and the tenant takes more of it than its share while others need room; the same call succeeds soon. */
    OVER_FAIR_SHARE(Category.CAPACITY, true),
    /** A limit on what is kept or counted over a longer time is used up. */
    QUOTA_EXCEEDED(Category.CAPACITY, true),
    QUERY_TOO_EXPENSIVE(Category.CALLER, false),
    JOURNAL_FULL(Category.CAPACITY, true),
    DISK_FULL(Category.CAPACITY, true),
    OVERLOADED(Category.CAPACITY, true),
    ENGINE_UNAVAILABLE(Category.OUTSIDE, true),
    STORAGE_FAILED(Category.OUTSIDE, true),
    SHUTTING_DOWN(Category.CAPACITY, true),
    INVALID_CONFIGURATION(Category.CALLER, false),
    INTERNAL(Category.BUG, false);

    /** Who can do something about it. */
    public enum Category {
        CALLER,
        CAPACITY,
        OUTSIDE,
        BUG
    }

    private final Category category;
    private final boolean retryable;

    ErrorCode(Category category, boolean retryable) {
        this.category = category;
        this.retryable = retryable;
    }

    public Category category() {
        return category;
    }

    public boolean retryable() {
        return retryable;
    }

    /** The code as it appears in problem details and metrics, in snake case. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
