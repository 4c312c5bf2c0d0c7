package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard's state as a stream told it, linked to the state that followed. Only the newest of a stream has its report: it moves on to
 * the next one. Not thread-safe.
 */
final class Picture {
    /** Where the count of events could not be read. */
    static final long NO_COUNT = -1;

    final String id;
    final long count;
    /** Of the bytes of the change that led here; 0 for none. */
    final int checksum;

    @Nullable
    Picture next;

    @Nullable
    JsonNode report;

    Picture(String id, JsonNode report, int checksum) {
        this.id = id;
        this.report = report;
        this.checksum = checksum;
        JsonNode value = report.at("/widgets/0/data/value");
        this.count = value.isNumber() ? value.longValue() : NO_COUNT;
    }
}
