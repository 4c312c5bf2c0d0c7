package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes longer than a request, and goes on after a crash where it was.
 *
 * @param kind which work it is
 * @param request what is to be done
 * @param progress how far it came; the result once it is done
 * @param problem why it does not go on, or did not
 */
record Job(
        String id,
        TenantId tenant,
        String kind,
        State state,
        ObjectNode request,
        ObjectNode progress,
        @Nullable String problem,
        Instant createdAt,
        Instant updatedAt) {

    /** How a job is. */
    enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        String wireName() {
            return wireName;
        }
    }
}
