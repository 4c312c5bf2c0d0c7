package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import java.time.Duration;

/** What jobs of one kind do, step by step. A step may be done twice, after a crash before its progress was written down. */
interface JobWork {
    /** The kind of job that this is the work of. */
    String kind();

    /** Who may see how far such jobs are. */
    Permission seenWith();

    /** Does the next step, which should take seconds. A retryable failure means that the step is tried again. */
    Advance advance(Job job);

    /** Where a step led. */
    sealed interface Advance {
        /** There is more to do. */
        record Further(ObjectNode progress) implements Advance {}

        /** There is more to do, but not yet. */
        record Later(ObjectNode progress, Duration pause, String why) implements Advance {}

        /**
         * Nothing is left to do.
         *
         * @param request as it is kept from now on
         */
        record Done(ObjectNode request, ObjectNode result) implements Advance {}
    }
}
