package dev.tidemark.live;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream.
 *
 * <ul>
 *   <li>{@code snapshot}: {@code {"report", "position"}}, the report as a plain request answers it;
 *   <li>{@code delta}: {@code {"patch", "position", "received_at"}}, a JSON Patch upon the report as it was after the event before;
 *   <li>{@code heartbeat}: {@code {}};
 *   <li>{@code stale}: {@code {"lag_seconds"}}, how far the numbers are behind, 0 when they are no longer;
 *   <li>{@code end}: {@code {"reason"}}, the last of a stream.
 * </ul>
 */
final class Frames {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Frames() {}

    static StreamEvent snapshot(String id, Refreshed state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(state.answer().json().length + 64);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeFieldName("report");
            json.writeRawValue(new String(state.answer().json(), StandardCharsets.UTF_8));
            json.writeNumberField("position", state.position());
            json.writeEndObject();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an event could not be written", e);
        }
        return StreamEvent.of("snapshot", id, bytes.toByteArray());
    }

    /** What changed; empty when nothing did but the time of generation. */
    static ArrayNode changes(Refreshed before, Refreshed after) {
        ArrayNode patch = JsonPatch.between(before.tree(), after.tree());
        boolean same = true;
        for (JsonNode operation : patch) {
            same &= operation.path("path").asText().equals("/generated_at");
        }
        return same ? JsonNodeFactory.instance.arrayNode() : patch;
    }

    /**
     * A change.
     *
     * @param receivedAtMillis when the oldest event that it brings was received; 0 where it was time that changed something
     */
    static StreamEvent delta(String id, ArrayNode patch, long position, long receivedAtMillis) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("patch", patch);
        data.put("position", position);
        if (receivedAtMillis > 0) {
            data.put("received_at", Instant.ofEpochMilli(receivedAtMillis).toString());
        }
        return event("delta", id, data);
    }

    static StreamEvent heartBeat() {
        return event("heartbeat", null, JsonNodeFactory.instance.objectNode());
    }

    static StreamEvent late(long seconds) {
        return event("stale", null, JsonNodeFactory.instance.objectNode().put("lag_seconds", seconds));
    }

    static StreamEvent end(String reason) {
        return event("end", null, JsonNodeFactory.instance.objectNode().put("reason", reason));
    }

    private static StreamEvent event(String name, @Nullable String id, ObjectNode data) {
        return StreamEvent.of(name, id, data.toString().getBytes(StandardCharsets.UTF_8));
    }
}
