package dev.tidemark.collect;

import org.jspecify.annotations.Nullable;

/** What became of a dead letter that went through the pipeline again. */
public sealed interface Resubmitted {

    /** Its event is in the journal, on disk. */
    record Accepted() implements Resubmitted {}

    /** Its event was there before: a client had sent it again, or an earlier attempt had come this far. */
    record Known() implements Resubmitted {}

    /** It is not to be kept, for want of consent. */
    record Dropped() implements Resubmitted {}

    /** It is still no event. */
    record Refused(String reason, @Nullable String field, String message) implements Resubmitted {}
}
