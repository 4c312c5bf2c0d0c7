package dev.tidemark.collect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request body, read.
 *
 * @param batch whether the sender wrote a list, even of one
 * @param sentAt of the envelope, {@link RawEvent#ABSENT} without one
 * @param key of the envelope, else the first that an event carries
 */
record ReadBody(
        boolean batch,
        List<RawEvent> events,
        long sentAt,
        @Nullable String key) {}
