package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;

/** The members that a JSON object may have. */
final class Members {
    private Members() {}

    /** Fails, naming it, on a member that is not among the known ones. */
    static void onlyKnown(JsonNode object, String at, List<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "unknown field; known here are " + String.join(", ", known),
                        at.isEmpty() ? name : at + "." + name);
            }
        });
    }
}
