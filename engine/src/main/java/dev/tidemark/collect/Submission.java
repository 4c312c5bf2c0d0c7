package dev.tidemark.collect;

import org.jspecify.annotations.Nullable;

/**
 * A request to collect, free of the HTTP server's types.
 *
 * @param presentedKey from a header or the query, in this order; null when the body must hold it
 * @param tenantHeader {@code X-Tenant-ID}
 * @param origin of the page that sent it
 * @param address of the peer, or of whom trusted proxies name
 */
record Submission(
        Kind kind,
        EventFormat format,
        byte[] body,
        @Nullable String presentedKey,
        @Nullable String tenantHeader,
        @Nullable String origin,
        @Nullable String contentType,
        @Nullable String contentEncoding,
        @Nullable String userAgent,
        @Nullable String address,
        boolean reportDuplicates,
        String correlationId) {

    /** Which answer is expected. */
    enum Kind {
        EVENTS,
        SEGMENT,
        DEAD_LETTERS
    }

    boolean isLines() {
        return contentType != null
                && (contentType.contains("ndjson")
                        || contentType.contains("jsonl")
                        || contentType.contains("json-seq")
                        || contentType.contains("jsonlines"));
    }
}
