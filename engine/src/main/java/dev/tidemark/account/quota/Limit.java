package dev.tidemark.account.quota;

import dev.tidemark.base.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What of a tenant can be limited. */
public enum Limit {
    /** Events sent, in the mean; how many may come at once is the burst. */
    EVENTS_PER_SECOND("events", ErrorCode.RATE_LIMITED),
    /** Events kept in a calendar month of UTC, by their receipt; duplicates do not count. */
    EVENTS_PER_MONTH("events", ErrorCode.QUOTA_EXCEEDED),
    /** What the store holds, by estimate. */
    STORAGE_BYTES("bytes", ErrorCode.QUOTA_EXCEEDED),
    /** Requests that ask the store something. */
    QUERIES_PER_MINUTE("queries", ErrorCode.RATE_LIMITED),
    /** The same, that are being answered at a time. */
    CONCURRENT_QUERIES("queries", ErrorCode.RATE_LIMITED),
    /** Open streams of reports. */
    VIEWERS("streams", ErrorCode.RATE_LIMITED);

    /** In the order in which they are shown. */
    static final List<Limit> SHOWN = List.of(
            EVENTS_PER_MONTH, EVENTS_PER_SECOND, STORAGE_BYTES, QUERIES_PER_MINUTE, CONCURRENT_QUERIES, VIEWERS);

    private final String unit;
    private final ErrorCode code;

    Limit(String unit, ErrorCode code) {
        this.unit = unit;
        this.code = code;
    }

    /** As it is written, in snake case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String unit() {
        return unit;
    }

    /** What reaching it is called. */
    ErrorCode code() {
        return code;
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(Limit::wireName).toList();
    }
}
