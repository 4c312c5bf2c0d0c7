package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes answers that can be kept right by adding event after event. Thread-safe. */
public interface Folding {

    /** Whether the answer to a question can be kept right this way. */
    boolean isFor(Question question);

    /** Which events can concern a question for which this is. */
    Interest interest(Question question);

    /** A text that questions of a tenant share which can begin together at the cost of one. */
    String form(Question question);

    /**
     * Begins with what the store holds before an offset of the tenant's partition, all of which must be visible. In the order of the
     * questions; empty for one that would hold too much. Blocks; fails as a question to the store does, then none has begun.
     *
     * @param moment at which the questions were what they are: those whose range was not over then can move on
     */
    List<Optional<Folded>> begin(TenantId tenant, List<Question> questions, long beforeOffset, Instant moment);

    /** An answer that is kept right. Not thread-safe. */
    interface Folded {

        /** Adds an event of the tenant that was not in yet, in any order. */
        void add(StoredEvent event);

        /** The answer as a fresh question would get it; empty when it has become too much to be known here, for good. */
        Optional<ObjectNode> data();

        /** About how much memory it takes. */
        long bytes();

        /** Goes over to what the same JSON asks at a later moment; tells whether it could, else it is of no more use. */
        boolean moveTo(Question later);
    }
}
