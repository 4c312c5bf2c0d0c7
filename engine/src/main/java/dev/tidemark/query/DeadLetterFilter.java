package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.http.Call;
import dev.tidemark.store.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which dead letters of a tenant are meant.
 *
 * @param state {@code open}, {@code replayed} or {@code all}
 * @param equal what a column must equal, by the name of the filter
 * @param since received at or after, Unix milliseconds
 * @param until received before
 */
public record DeadLetterFilter(String state, Map<String, String> equal, long since, long until) {
    /** The columns by the names of their filters. */
    private static final Map<String, String> COLUMNS = Map.of(
            "reason", "reason",
            "field", "field",
            "event_type", "event_type",
            "source", "source",
            "key", "key_id");

    private static final List<String> STATES = List.of("open", "replayed", "all");
    /** The names that a filter knows. */
    public static final List<String> MEMBERS =
            List.of("state", "reason", "field", "event_type", "source", "key", "since", "until");

    public DeadLetterFilter {
        equal = Map.copyOf(equal);
    }

    /** From the query parameters of a call. */
    public static DeadLetterFilter of(Call call) {
        Map<String, String> equal = new HashMap<>();
        COLUMNS.keySet().forEach(name -> call.queryParameter(name).ifPresent(value -> equal.put(name, value)));
        return new DeadLetterFilter(
                state(call.queryParameter("state").orElse("open"), "state"),
                equal,
                ListParameters.time(call, "since").orElse(Long.MIN_VALUE),
                ListParameters.time(call, "until").orElse(Long.MAX_VALUE));
    }

    /** From a JSON object with the same names, at a path. */
    public static DeadLetterFilter of(JsonNode node, String at) {
        if (!node.isObject()) {
            throw Fields.invalid(at, "must be an object that says which dead letters are meant");
        }
        Call.onlyKnownFields(node, at, MEMBERS);
        Map<String, String> equal = new HashMap<>();
        node.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw Fields.invalid(at + "." + entry.getKey(), "must be a text");
            }
            if (COLUMNS.containsKey(entry.getKey())) {
                equal.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return new DeadLetterFilter(
                state(node.path("state").asText("open"), at + ".state"),
                equal,
                node.has("since") ? ListParameters.time(node.get("since").textValue(), at + ".since") : Long.MIN_VALUE,
                node.has("until") ? ListParameters.time(node.get("until").textValue(), at + ".until") : Long.MAX_VALUE);
    }

    /** Of what was received before a moment, and still open. */
    public DeadLetterFilter openBefore(long millis) {
        return new DeadLetterFilter("open", equal, since, Math.min(until, millis));
    }

    /** Whether it says anything at all. */
    public boolean isLimited() {
        return !equal.isEmpty() || since != Long.MIN_VALUE || until != Long.MAX_VALUE;
    }

    /** As conditions of SQL; all must hold. */
    public List<String> conditions(Parameters parameters) {
        List<String> conditions = new ArrayList<>();
        if (!state.equals("all")) {
            conditions.add("state = " + parameters.text(state));
        }
        equal.forEach((name, value) -> conditions.add(COLUMNS.get(name) + " = " + parameters.text(value)));
        if (since != Long.MIN_VALUE) {
            conditions.add("received_at >= " + DeadLetterList.time(parameters, since));
        }
        if (until != Long.MAX_VALUE) {
            conditions.add("received_at < " + DeadLetterList.time(parameters, until));
        }
        return conditions;
    }

    /** The form that {@link #of(JsonNode, String)} reads. */
    public ObjectNode toJson() {
        ObjectNode node = AnswerJson.JSON.objectNode();
        node.put("state", state);
        equal.forEach(node::put);
        if (since != Long.MIN_VALUE) {
            node.put("since", ListParameters.text(since));
        }
        if (until != Long.MAX_VALUE) {
            node.put("until", ListParameters.text(until));
        }
        return node;
    }

    private static String state(String state, String at) {
        if (!STATES.contains(state)) {
            throw Fields.invalid(at, "must be open, replayed or all");
        }
        return state;
    }
}
