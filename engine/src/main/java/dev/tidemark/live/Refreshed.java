package dev.tidemark.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.report.ReportAnswer;
import java.io.IOException;

/**
 * A report's answer as of a position of the journal: everything before it is in the numbers, and perhaps more.
 *
 * @param version of the report's definition
 */
record Refreshed(ReportAnswer answer, JsonNode tree, long version, long position) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Refreshed of(ReportAnswer answer, long version, long position) {
        try {
            return new Refreshed(answer, JSON.readTree(answer.json()), version, position);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer is not JSON", e);
        }
    }
}
