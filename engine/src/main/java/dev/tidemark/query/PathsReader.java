package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.List;

/** Reads questions for paths. */
final class PathsReader {
    private static final int DEFAULT_STEPS = 3;
    private static final int DEFAULT_LIMIT = 10;

    private PathsReader() {}

    static PathsQuestion read(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        JsonNode anchor = fields.required("anchor");
        return new PathsQuestion(
                ScopeReader.read(Fields.of(anchor, fields.at("anchor"), ScopeReader.KNOWN), context),
                CommonFields.filter(fields, context),
                new RangeReader(context, zone).read(fields, null, false),
                zone,
                fields.word("direction", List.of("after", "before")).equals("before"),
                fields.integer("steps", DEFAULT_STEPS),
                fields.integer("limit", DEFAULT_LIMIT),
                Fields.property(fields.text("by").orElse("event_type"), fields.at("by")),
                fields.word("repeats", List.of("keep", "collapse")).equals("collapse"));
    }
}
