package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Word of an alert on its way to its tenant's webhook.
 *
 * @param id the same at every attempt, so that the receiver can tell repetitions
 * @param nextAt when it is tried next, while it waits
 * @param problem why the last attempt failed
 */
record AlertMessage(
        String id,
        Alert alert,
        Event event,
        State state,
        int attempts,
        Instant nextAt,
        @Nullable String problem) {

    enum Event {
        RAISED,
        CLEARED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum State {
        WAITING,
        DELIVERED,
        GIVEN_UP;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is sent. */
    ObjectNode body() {
        Alert told = event == Event.RAISED ? alert.up() : alert;
        Instant clearedAt = told.clearedAt();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("type", "alert." + event.wireName());
        body.put("timestamp", (clearedAt == null ? told.raisedAt() : clearedAt).toString());
        body.put("text", told.text());
        body.set("data", told.toJson().put("tenant_id", alert.tenant().value()));
        return body;
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("message_id", id)
                .put("event", event.wireName())
                .put("state", state.wireName())
                .put("attempts", attempts)
                .put("next_at", state == State.WAITING ? nextAt.toString() : null)
                .put("problem", problem);
    }
}
