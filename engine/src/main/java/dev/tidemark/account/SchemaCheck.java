package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.DialectId;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Map;

/**
 * Accepts what is a JSON Schema of 2020-12 and safe to run on every event: bounded in size and depth, referring to nothing
 * outside itself, with patterns in RE2 syntax, which excludes the constructs that backtrack without need. Thread-safe.
 */
final class SchemaCheck {
    private static final int MAX_CHARACTERS = 65_536;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_PATTERN_LENGTH = 500;

    private final Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12));

    /** The schema as text. A failure names the place below {@code schema}. */
    String checked(JsonNode schema) {
        if (!schema.isObject()) {
            throw invalid("schema must be a JSON Schema object", "schema");
        }
        String text = schema.toString();
        if (text.length() > MAX_CHARACTERS) {
            throw invalid("schema must have at most " + MAX_CHARACTERS + " characters", "schema");
        }
        JsonNode dialect = schema.path("$schema");
        if (!dialect.isMissingNode() && !dialect.asText().equals(DialectId.DRAFT_2020_12)) {
            throw invalid("$schema must be " + DialectId.DRAFT_2020_12 + " or left out", "schema.$schema");
        }
        walk(schema, "schema", 0);
        List<Error> errors = metaSchema.validate(schema);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            String pointer = first.getInstanceLocation().toString();
            throw invalid(
                    "not a JSON Schema of 2020-12: " + first.getMessage(),
                    "schema" + (pointer.equals("/") ? "" : pointer.replace('/', '.')));
        }
        return text;
    }

    private static void walk(JsonNode node, String at, int depth) {
        if (depth > MAX_DEPTH) {
            throw invalid("schema must not be nested deeper than " + MAX_DEPTH, at);
        }
        if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                walk(node.get(index), at + "[" + index + "]", depth + 1);
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String place = at + "." + member.getKey();
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case "$ref", "$dynamicRef" -> requireInner(value, place);
                case "$id" -> requireAbsent(value, place);
                case "pattern" -> requirePattern(value, place);
                case "patternProperties" ->
                    value.fieldNames().forEachRemaining(pattern -> requirePattern(pattern, place));
                default -> {}
            }
            walk(value, place, depth + 1);
        }
    }

    private static void requireInner(JsonNode reference, String at) {
        if (reference.isTextual() && !reference.textValue().startsWith("#")) {
            throw invalid("a reference must point into the schema itself, as in #/$defs/name", at);
        }
    }

    private static void requireAbsent(JsonNode id, String at) {
        if (id.isTextual()) {
            throw invalid("$id is not supported: a schema stands for itself", at);
        }
    }

    private static void requirePattern(JsonNode pattern, String at) {
        if (pattern.isTextual()) {
            requirePattern(pattern.textValue(), at);
        }
    }

    private static void requirePattern(String pattern, String at) {
        if (pattern.length() > MAX_PATTERN_LENGTH) {
            throw invalid("a pattern must have at most " + MAX_PATTERN_LENGTH + " characters", at);
        }
        try {
            com.google.re2j.Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw invalid("pattern is not an RE2 expression: " + e.getDescription(), at);
        }
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
