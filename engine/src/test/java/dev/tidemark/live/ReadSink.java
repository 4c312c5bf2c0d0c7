package dev.tidemark.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.http.EventSink;
import dev.tidemark.http.StreamEvent;
import java.util.ArrayList;
import java.util.List;

/** A reader who follows a stream as a client does: takes snapshots, applies changes, and can stop to read or go away. */
final class ReadSink implements EventSink {
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> events = new ArrayList<>();
    final List<JsonNode> data = new ArrayList<>();
    JsonNode report = JSON.createObjectNode();
    String lastId = "";
    boolean reads = true;
    boolean over;
    private boolean refused;
    private final List<Runnable> closing = new ArrayList<>();
    private Runnable ready = () -> {};

    @Override
    public synchronized boolean send(StreamEvent event) {
        if (over) {
            return false;
        }
        if (!reads) {
            refused = true;
            return false;
        }
        take(event);
        return true;
    }

    @Override
    public void end(StreamEvent last) {
        synchronized (this) {
            if (over) {
                return;
            }
            take(last);
        }
        leave();
    }

    @Override
    public void onClose(Runnable action) {
        synchronized (this) {
            if (!over) {
                closing.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public synchronized void onReady(Runnable action) {
        ready = action;
    }

    @Override
    public void onMessage(MessageHandler action) {}

    void leave() {
        List<Runnable> actions;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            actions = List.copyOf(closing);
        }
        actions.forEach(Runnable::run);
    }

    void readAgain() {
        Runnable action;
        synchronized (this) {
            reads = true;
            if (!refused) {
                return;
            }
            refused = false;
            action = ready;
        }
        action.run();
    }

    private void take(StreamEvent event) {
        JsonNode message = parsed(event);
        String name = message.get("event").asText();
        events.add(name);
        data.add(message.get("data"));
        if (message.has("id")) {
            lastId = message.get("id").asText();
        }
        if (name.equals("snapshot")) {
            report = message.at("/data/report").deepCopy();
        } else if (name.equals("delta")) {
            report = Patching.patched(report, message.at("/data/patch"));
        }
    }

    static JsonNode parsed(StreamEvent event) {
        try {
            return JSON.readTree(event.text());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The report without the time of its generation. */
    JsonNode numbers() {
        ObjectNode copy = report.deepCopy();
        copy.remove("generated_at");
        return copy;
    }
}
