package dev.tidemark.collect;

import dev.tidemark.base.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter that is to go through the pipeline again.
 *
 * @param id under which its event is known, now and at every later attempt
 * @param kept the payload of the letter
 * @param corrected what to take instead of it; null for the payload as it is
 * @param source of the letter, which tells its format
 * @param receivedAtMillis when it came first
 */
public record Resubmission(
        EventId id,
        String kept,
        @Nullable String corrected,
        String source,
        long receivedAtMillis,
        @Nullable String keyId) {

    String payload() {
        return corrected == null ? kept : corrected;
    }

    /** Importers say where a line came from; what they had made of it are events of the native form. */
    EventFormat format() {
        return SegmentFormat.ofSource(source).<EventFormat>map(format -> format).orElse(NativeFormat.INSTANCE);
    }
}
