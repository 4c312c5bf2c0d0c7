package dev.tidemark.collect;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;

/** What is decided about one event that was sent. */
sealed interface Verdict {

    /** It goes to the journal. */
    record Accepted(Event event) implements Verdict {}

    /** It is refused, nothing of it is kept, and the caller is told why. */
    record Rejected(RejectReason reason, String field, String message) implements Verdict {
        static Rejected of(Fault fault) {
            return new Rejected(fault.reason(), fault.field(), fault.message());
        }
    }

    /** It is kept for its tenant to see and mend. */
    record DeadLettered(DeadLetter deadLetter) implements Verdict {}

    /** Nothing of it is kept, because its person did not agree; the caller need not send it again. */
    record Dropped(dev.tidemark.base.EventId id) implements Verdict {}

    /** It is already known; nothing is written. Only where the caller asked for duplicates to be reported. */
    record Duplicate(dev.tidemark.base.EventId id) implements Verdict {}
}
