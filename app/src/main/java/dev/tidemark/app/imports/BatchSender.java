package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.app.client.ApiClient.Answer;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts batches on a server: events first, then the dead letters, the server's own rejections among them. Thread-safe; blocks. */
final class BatchSender {
    private static final int MAX_PAYLOAD_CHARS = 8_192;

    private final ApiClient api;
    private final String source;

    /** @param source the file's name, for dead letters */
    BatchSender(ApiClient api, String source) {
        this.api = api;
        this.source = source;
    }

    /** When it returns, all of the batch is on the server. */
    Outcome send(Batch batch) throws InterruptedException {
        ArrayNode deadLetters = JsonNodeFactory.instance.arrayNode();
        batch.deadLetters().forEach(deadLetters::add);
        Outcome events = batch.events().isEmpty() ? Outcome.NONE : events(batch.events(), deadLetters);
        if (!deadLetters.isEmpty()) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("dead_letters", deadLetters);
            Answer answer = api.post("/api/v1/dead-letters", body, true);
            if (answer.status() >= 300) {
                throw ApiClient.refused(answer);
            }
        }
        return events.plus(new Outcome(0, 0, deadLetters.size()));
    }

    private Outcome events(List<Batch.Item> items, ArrayNode deadLetters) throws InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("batch");
        items.forEach(item -> events.add(item.event()));
        Answer answer = api.post("/api/v1/events?duplicates=report", body, true);
        JsonNode results = answer.body().path("results");
        if (!results.isArray() || results.size() != items.size()) {
            return refusedWhole(items, deadLetters, answer);
        }
        Outcome outcome = Outcome.NONE;
        for (int i = 0; i < items.size(); i++) {
            JsonNode result = results.get(i);
            outcome = outcome.plus(one(items.get(result.path("index").asInt(i)), result, answer.unsure(), deadLetters));
        }
        return outcome;
    }

    /** A request that was refused as a whole is taken apart until the culprit is alone. */
    private Outcome refusedWhole(List<Batch.Item> items, ArrayNode deadLetters, Answer answer)
            throws InterruptedException {
        if (answer.status() < 300) {
            throw new TidemarkException(
                    ErrorCode.INTERNAL, "the server answered " + answer.status() + " without a result for each event");
        }
        if (items.size() == 1) {
            JsonNode problem = answer.body();
            deadLetters.add(rejected(items.getFirst(), problem.path("code").asText("rejected"), problem, "detail"));
            return Outcome.NONE;
        }
        int half = items.size() / 2;
        return events(items.subList(0, half), deadLetters).plus(events(items.subList(half, items.size()), deadLetters));
    }

    private Outcome one(Batch.Item item, JsonNode result, boolean unsure, ArrayNode deadLetters) {
        return switch (result.path("status").asText()) {
            case "accepted" -> new Outcome(1, 0, 0);
            // The lost answer of an earlier attempt is the likely original.
            case "duplicate" -> unsure ? new Outcome(1, 0, 0) : new Outcome(0, 1, 0);
            case "dead_letter" -> new Outcome(0, 0, 1);
            default -> {
                deadLetters.add(rejected(item, result.path("reason").asText("rejected"), result, "message"));
                yield Outcome.NONE;
            }
        };
    }

    private ObjectNode rejected(Batch.Item item, String reason, JsonNode explanation, String messageField) {
        return deadLetter(
                item.name(),
                item.line(),
                item.text(),
                reason,
                explanation.path("field").textValue(),
                explanation.path(messageField).asText("the server rejected it"),
                item.event().path("event_type").textValue());
    }

    /** A dead letter as the API takes it; the id is the same whenever the same record is imported. */
    ObjectNode deadLetter(
            String name,
            long line,
            String text,
            String reason,
            @Nullable String field,
            String message,
            @Nullable String eventType) {
        ObjectNode deadLetter = JsonNodeFactory.instance.objectNode();
        deadLetter.put("id", "line-" + name);
        deadLetter.put("reason", reason);
        if (field != null) {
            deadLetter.put("field", field);
        }
        deadLetter.put("message", message);
        if (eventType != null) {
            deadLetter.put("event_type", eventType);
        }
        deadLetter.put("payload", text.length() > MAX_PAYLOAD_CHARS ? text.substring(0, MAX_PAYLOAD_CHARS) : text);
        deadLetter.put("source", "import:" + source);
        deadLetter.put("line", line);
        return deadLetter;
    }
}
