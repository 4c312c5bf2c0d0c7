package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import dev.tidemark.base.Attributes;
import java.io.IOException;

/** The events of {@code /api/v1/events}. */
final class NativeFormat implements EventFormat {
    static final NativeFormat INSTANCE = new NativeFormat();

    private NativeFormat() {}

    @Override
    public void member(JsonParser parser, RawEvent event, String name) throws IOException {
        switch (name) {
            case "event_type" -> {
                event.seen(0, name);
                event.type = Members.text(parser, event, name);
            }
            case "event_id" -> {
                event.seen(1, name);
                event.eventId = Members.id(parser, event, name);
            }
            case "timestamp" -> {
                event.seen(2, name);
                event.timestamp = Members.time(parser, event, name);
            }
            case "user_id" -> {
                event.seen(3, name);
                event.userId = Members.id(parser, event, name);
            }
            case "anonymous_id" -> {
                event.seen(4, name);
                event.anonymousId = Members.id(parser, event, name);
            }
            case "session_id" -> {
                event.seen(5, name);
                event.sessionId = Members.id(parser, event, name);
            }
            case "properties" -> {
                event.seen(6, name);
                event.properties = AttributesReader.read(parser, event, name);
            }
            case "traits" -> {
                event.seen(7, name);
                event.traits = AttributesReader.read(parser, event, name);
            }
            case "context" -> {
                event.seen(8, name);
                ContextReader.read(parser, event);
            }
            case "sent_at" -> {
                event.seen(9, name);
                event.sentAt = Members.time(parser, event, name);
            }
            case "write_key", "writeKey" -> {
                event.seen(10, name);
                event.key = Members.text(parser, event, name);
            }
            default -> {
                event.ignored++;
                parser.skipChildren();
            }
        }
    }

    @Override
    public void complete(RawEvent event) {
        event.setsTraits = "identify".equals(event.type);
        if (!event.setsTraits && !event.traits.isEmpty()) {
            event.ignored++;
            event.traits = Attributes.NONE;
        }
    }

    @Override
    public String sentAtField() {
        return "sent_at";
    }

    @Override
    public String source() {
        return "http";
    }

    @Override
    public String typeField() {
        return "event_type";
    }
}
