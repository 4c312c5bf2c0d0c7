package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import dev.tidemark.base.Attributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Segment's tracking API as events: a track call has its own name as type; page, screen, identify, group and alias
 * calls are {@code page_view}, {@code screen_view}, {@code identify}, {@code group} and {@code alias}. Only identify sets the
 * user's traits; a group's traits are properties below {@code group.}.
 */
final class SegmentFormat implements EventFormat {
    /** For batches, where each call names its own type. */
    static final SegmentFormat ANY = new SegmentFormat(null);

    private static final String SOURCE = "segment";

    private final @Nullable String callType;

    private SegmentFormat(@Nullable String callType) {
        this.callType = callType;
    }

    static SegmentFormat of(String callType) {
        return new SegmentFormat(callType);
    }

    @Override
    public void member(JsonParser parser, RawEvent event, String name) throws IOException {
        SegmentCall call = event.segment();
        switch (name) {
            case "type" -> {
                event.seen(0, name);
                call.type = Members.text(parser, event, name);
            }
            case "messageId" -> {
                event.seen(1, name);
                event.eventId = Members.id(parser, event, name);
            }
            case "timestamp" -> {
                event.seen(2, name);
                long time = Members.time(parser, event, name);
                event.timestamp = event.timestamp == RawEvent.ABSENT ? time : event.timestamp;
            }
            case "originalTimestamp" -> {
                event.seen(3, name);
                long time = Members.time(parser, event, name);
                event.timestamp = time == RawEvent.ABSENT ? event.timestamp : time;
            }
            case "userId" -> {
                event.seen(4, name);
                event.userId = Members.id(parser, event, name);
            }
            case "anonymousId" -> {
                event.seen(5, name);
                event.anonymousId = Members.id(parser, event, name);
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
            case "sentAt" -> {
                event.seen(9, name);
                event.sentAt = Members.time(parser, event, name);
            }
            case "writeKey", "write_key" -> {
                event.seen(10, name);
                event.key = Members.text(parser, event, name);
            }
            case "event" -> {
                event.seen(11, name);
                call.event = Members.text(parser, event, name);
            }
            case "name" -> {
                event.seen(12, name);
                call.name = Members.text(parser, event, name);
            }
            case "category" -> {
                event.seen(13, name);
                call.category = Members.text(parser, event, name);
            }
            case "groupId" -> {
                event.seen(14, name);
                call.groupId = Members.id(parser, event, name);
            }
            case "previousId" -> {
                event.seen(15, name);
                call.previousId = Members.id(parser, event, name);
            }
            default -> parser.skipChildren();
        }
    }

    @Override
    public void complete(RawEvent event) {
        SegmentCall call = event.segment();
        String type = callType == null ? call.type : callType;
        switch (type == null ? "" : type) {
            case "track" -> event.type = call.event;
            case "page" -> {
                event.type = "page_view";
                named(event, call);
                pageFromProperties(event);
            }
            case "screen" -> {
                event.type = "screen_view";
                named(event, call);
            }
            case "identify" -> {
                event.type = "identify";
                event.setsTraits = true;
                event.described = "traits";
                return;
            }
            case "group" -> {
                event.type = "group";
                event.described = "traits";
                event.properties = below("group.", event.traits);
                put(event, "group_id", call.groupId);
            }
            case "alias" -> {
                event.type = "alias";
                put(event, "previous_id", call.previousId);
            }
            default ->
                event.fault(
                        RejectReason.UNKNOWN_CALL_TYPE,
                        "type",
                        "must be one of track, page, screen, identify, group, alias");
        }
        event.traits = Attributes.NONE;
    }

    @Override
    public String sentAtField() {
        return "sentAt";
    }

    @Override
    public String source() {
        return callType == null ? SOURCE : SOURCE + ":" + callType;
    }

    /** The format of a dead letter's source; empty for another than of these. */
    static Optional<SegmentFormat> ofSource(String source) {
        if (source.equals(SOURCE)) {
            return Optional.of(ANY);
        }
        return source.startsWith(SOURCE + ":")
                ? Optional.of(of(source.substring(SOURCE.length() + 1)))
                : Optional.empty();
    }

    @Override
    public String typeField() {
        return "event";
    }

    private static void named(RawEvent event, SegmentCall call) {
        put(event, "name", call.name);
        put(event, "category", call.category);
    }

    /** Servers that report a page view put the page into its properties only. */
    private static void pageFromProperties(RawEvent event) {
        Map<String, String> properties = event.properties.strings();
        absent(event, RawContext.PAGE_URL, properties.get("url"));
        absent(event, RawContext.PAGE_PATH, properties.get("path"));
        absent(event, RawContext.PAGE_TITLE, properties.get("title"));
        absent(event, RawContext.REFERRER, properties.get("referrer"));
    }

    private static void absent(RawEvent event, RawContext which, @Nullable String value) {
        if (event.context(which) == null && value != null && !value.isEmpty()) {
            event.contextFromProperty(which, value);
        }
    }

    private static void put(RawEvent event, String name, @Nullable String value) {
        Attributes known = event.properties;
        if (value == null
                || known.strings().containsKey(name)
                || known.numbers().containsKey(name)
                || known.booleans().containsKey(name)) {
            return;
        }
        Map<String, String> strings = new HashMap<>(known.strings());
        strings.put(name, value);
        event.properties = new Attributes(strings, known.numbers(), known.booleans());
    }

    private static Attributes below(String prefix, Attributes attributes) {
        return new Attributes(
                below(prefix, attributes.strings()),
                below(prefix, attributes.numbers()),
                below(prefix, attributes.booleans()));
    }

    private static <V> Map<String, V> below(String prefix, Map<String, V> values) {
        Map<String, V> moved = new HashMap<>();
        values.forEach((name, value) -> moved.put(prefix + name, value));
        return moved;
    }
}
