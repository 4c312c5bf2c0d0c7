package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What became of one record of a file. */
sealed interface Formed {

    /** An event in the form of the HTTP API, with an {@code event_id}. */
    record Ready(ObjectNode event) implements Formed {}

    /**
     * No event could be made of it.
     *
     * @param reason machine-readable
     * @param field what is wrong, where one field is
     */
    record Unusable(String reason, @Nullable String field, String message) implements Formed {}

    /** Nothing to send, as for an empty line or a header. */
    record Nothing() implements Formed {}
}
