package dev.tidemark.live;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream.
 *
 * <ul>
 *   <li>{@code snapshot}: {@code {"report", "position"}}, the report as a plain request answers it, each widget with a member
 *       {@code live} that says how its numbers are kept;
 *   <li>{@code delta}: {@code {"patch", "position", "received_at", "newest_at"}}, a JSON Patch upon the report as it was after the
 *       event before;
 *   <li>{@code heartbeat}: {@code {}};
 *   <li>{@code stale}: {@code {"lag_seconds"}}, how far the numbers are behind, 0 when they are no longer;
 *   <li>{@code end}: {@code {"reason"}}, the last of a stream.
 * </ul>
 */
final class Frames {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Frames() {}

    static StreamEvent snapshot(String id, Picture picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("report");
            json.writeStringField("report_id", picture.report().id().value());
            json.writeStringField("report_name", picture.report().name());
            json.writeStringField("generated_at", picture.generatedAt().toString());
            json.writeBooleanField("stale", picture.stale());
            if (!picture.reading().controls().isNone()) {
                json.writeFieldName("controls");
                json.writeTree(picture.reading().controls().toJson());
            }
            json.writeArrayFieldStart("widgets");
            for (ObjectNode widget : picture.widgets()) {
                json.writeTree(widget);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeNumberField("position", picture.position());
            json.writeEndObject();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an event could not be written", e);
        }
        return StreamEvent.of("snapshot", id, bytes.toByteArray());
    }

    /** What changed between two pictures of the same reading; empty when nothing did but the time of generation. */
    static ArrayNode changes(Picture before, Picture after) {
        JsonPatch patch = new JsonPatch();
        for (int index = 0; index < after.widgets().size(); index++) {
            ObjectNode old = before.widgets().get(index);
            ObjectNode now = after.widgets().get(index);
            if (old != now) {
                patch.compare("/widgets/" + index, old, now);
            }
        }
        if (before.stale() != after.stale()) {
            patch.replace("/stale", JsonNodeFactory.instance.booleanNode(after.stale()));
        }
        if (!patch.isEmpty()) {
            patch.replace(
                    "/generated_at",
                    JsonNodeFactory.instance.textNode(after.generatedAt().toString()));
        }
        return patch.operations();
    }

    /** A change. */
    static StreamEvent delta(String id, ArrayNode patch, long position, Receipts receipts) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.set("patch", patch);
        data.put("position", position);
        if (receipts.areThere()) {
            data.put(
                    "received_at", Instant.ofEpochMilli(receipts.oldestMillis()).toString());
            data.put("newest_at", Instant.ofEpochMilli(receipts.newestMillis()).toString());
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
        try {
            return StreamEvent.of(name, id, JSON.writeValueAsBytes(data));
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an event could not be written", e);
        }
    }
}
