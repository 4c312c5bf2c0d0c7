package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads which events something is about: the members {@code event}, a type or a list of types, and {@code filter}. */
final class ScopeReader {
    static final List<String> KNOWN = List.of("event", "filter");
    private static final int MAX_EVENT_TYPES = 100;

    private ScopeReader() {}

    static Scope read(Fields fields, QuestionContext context) {
        JsonNode filter = fields.node("filter");
        return new Scope(
                eventTypes(fields, "event"),
                filter == null ? null : FilterReader.read(filter, fields.at("filter"), context));
    }

    /** A member that is an event type or a list of them; empty when it is absent. */
    static List<String> eventTypes(Fields fields, String member) {
        JsonNode node = fields.node(member);
        if (node == null) {
            return List.of();
        }
        if (node.isTextual()) {
            return List.of(node.textValue());
        }
        if (!node.isArray() || node.isEmpty() || node.size() > MAX_EVENT_TYPES) {
            throw Fields.invalid(
                    fields.at(member), "must be an event type or a list of 1 to " + MAX_EVENT_TYPES + " of them");
        }
        List<String> types = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            types.add(Fields.text(node.get(i), fields.at(member) + "[" + i + "]"));
        }
        return types;
    }
}
