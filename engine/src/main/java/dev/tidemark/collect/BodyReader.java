package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body into events: one object, an object with {@code batch}, an array, or one object a line. A body that is not
 * JSON is refused whole, with line and column; of lines, each stands alone. A {@code context} beside {@code batch} holds for every
 * event as far as that says nothing itself. One reader for one body.
 */
final class BodyReader {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.BODY_NESTING)
                    .maxStringLength(Limits.REQUEST_BYTES)
                    .maxNameLength(Limits.REQUEST_BYTES)
                    .maxNumberLength(Limits.REQUEST_BYTES)
                    .build())
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private final byte[] body;
    /** What is parsed: the body, or a copy without halves of surrogate pairs, whose offsets are the same. */
    private final byte[] parsed;

    private final EventFormat format;
    private final List<RawEvent> events = new ArrayList<>();

    private BodyReader(byte[] body, byte[] parsed, EventFormat format) {
        this.body = body;
        this.parsed = parsed;
        this.format = format;
    }

    /** Fails with {@code MALFORMED_BODY}, {@code INVALID_FIELD} or {@code BODY_TOO_LARGE} for what concerns the whole body. */
    static ReadBody read(byte[] body, EventFormat format, boolean lines) {
        try {
            try {
                return new BodyReader(body, body, format).read(lines);
            } catch (JsonProcessingException e) {
                byte[] blanked = HalfPairs.blanked(body);
                if (blanked == body) {
                    throw e;
                }
                return new BodyReader(body, blanked, format).read(lines);
            }
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid JSON", e);
        }
    }

    private ReadBody read(boolean lines) throws IOException {
        int start = startOfText();
        return lines ? lines(start) : document(start);
    }

    private int startOfText() {
        boolean marked = body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
        int start = marked ? 3 : 0;
        for (int at = start; at < body.length; at++) {
            if (!isSpace(body[at])) {
                return start;
            }
        }
        throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is empty");
    }

    private ReadBody document(int start) throws IOException {
        switch (Texts.encoding(body, start, body.length)) {
            case GOOD -> {}
            case NUL_BYTE -> throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body holds a NUL byte");
            case NOT_UTF8 -> throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid UTF-8");
        }
        boolean escapes = escapes(start, body.length);
        try (JsonParser parser = JSON.createParser(parsed, start, parsed.length - start)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                elements(parser, start, escapes);
                if (parser.nextToken() != null) {
                    throw trailing(parser);
                }
                return batch(RawEvent.ABSENT, null);
            }
            if (first != JsonToken.START_OBJECT) {
                throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body must be a JSON object or array");
            }
            return root(parser, start, escapes);
        }
    }

    private ReadBody root(JsonParser parser, int start, boolean escapes) throws IOException {
        RawEvent root = new RawEvent(body, start + offset(parser), escapes);
        boolean batch = false;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (!name.equals("batch")) {
                format.member(parser, root, name);
            } else if (token == JsonToken.START_ARRAY && !batch) {
                batch = true;
                elements(parser, start, escapes);
            } else {
                throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be one array of events", "batch");
            }
        }
        root.end = start + offset(parser) + 1;
        boolean oneLine = parser.currentLocation().getLineNr() == 1;
        if (moreFollows(root.end)) {
            if (oneLine && !batch) {
                events.clear();
                return lines(start);
            }
            parser.nextToken();
            throw trailing(parser);
        }
        if (batch) {
            Fault fault = root.fault();
            if (fault != null && (fault.reason() == RejectReason.INVALID_TIMESTAMP || isOfContext(fault))) {
                throw new TidemarkException(ErrorCode.INVALID_FIELD, fault.message(), fault.field());
            }
            events.forEach(event -> event.inherit(root));
            return batch(root.sentAt, root.key);
        }
        add(root);
        return new ReadBody(false, events, RawEvent.ABSENT, root.key);
    }

    private void elements(JsonParser parser, int start, boolean escapes) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            RawEvent event = new RawEvent(body, start + offset(parser), escapes);
            if (token == JsonToken.START_OBJECT) {
                members(parser, event);
                event.end = start + offset(parser) + 1;
            } else {
                event.fault(RejectReason.NOT_AN_OBJECT, "", "an event must be a JSON object");
                parser.skipChildren();
            }
            add(event);
        }
    }

    private void members(JsonParser parser, RawEvent event) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            format.member(parser, event, name);
        }
    }

    private ReadBody lines(int start) {
        int from = start;
        while (from < body.length) {
            int to = from;
            boolean blank = true;
            for (; to < body.length && body[to] != '\n'; to++) {
                blank &= isSpace(body[to]);
            }
            if (!blank) {
                add(line(from, to));
            }
            from = to + 1;
        }
        return batch(RawEvent.ABSENT, null);
    }

    private RawEvent line(int from, int to) {
        RawEvent event = new RawEvent(body, from, escapes(from, to));
        event.end = to;
        if (Texts.encoding(body, from, to) != Texts.Encoding.GOOD) {
            event.fault(RejectReason.MALFORMED_JSON, "", "the line is not valid UTF-8, or holds a NUL byte");
            return event;
        }
        try (JsonParser parser = JSON.createParser(parsed, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                event.fault(RejectReason.NOT_AN_OBJECT, "", "an event must be a JSON object");
                return event;
            }
            members(parser, event);
            if (parser.nextToken() != null) {
                event.fault(RejectReason.MALFORMED_JSON, "", "a line must hold one JSON object and nothing else");
            }
            return event;
        } catch (JsonProcessingException e) {
            RawEvent broken = new RawEvent(body, from, event.escapes);
            broken.end = to;
            broken.fault(RejectReason.MALFORMED_JSON, "", "the line is not valid JSON: " + reason(e) + column(e));
            return broken;
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid JSON", e);
        }
    }

    private void add(RawEvent event) {
        if (events.size() == Limits.EVENTS_PER_REQUEST) {
            throw new TidemarkException(
                    ErrorCode.BODY_TOO_LARGE,
                    "a request may hold at most " + Limits.EVENTS_PER_REQUEST + " events",
                    "batch");
        }
        format.complete(event);
        events.add(event);
    }

    private ReadBody batch(long sentAt, @Nullable String envelopeKey) {
        if (events.isEmpty()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must hold at least one event", "batch");
        }
        String key = envelopeKey;
        for (int i = 0; key == null && i < events.size(); i++) {
            key = events.get(i).key;
        }
        return new ReadBody(true, events, sentAt, key);
    }

    private boolean escapes(int from, int to) {
        for (int at = from; at < to; at++) {
            if (body[at] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfContext(Fault fault) {
        return fault.field().equals("context") || fault.field().startsWith("context.");
    }

    private boolean moreFollows(int from) {
        for (int at = from; at < body.length; at++) {
            if (!isSpace(body[at])) {
                return true;
            }
        }
        return false;
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static TidemarkException trailing(JsonParser parser) {
        return new TidemarkException(
                ErrorCode.MALFORMED_BODY,
                "the body goes on after its JSON value ends, at line "
                        + parser.currentTokenLocation().getLineNr() + ", column "
                        + parser.currentTokenLocation().getColumnNr());
    }

    static TidemarkException malformed(JsonProcessingException e) {
        return new TidemarkException(
                ErrorCode.MALFORMED_BODY,
                "the body is not valid JSON: " + reason(e) + " at line "
                        + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + "," + column(e));
    }

    private static String column(JsonProcessingException e) {
        return e.getLocation() == null
                ? " column unknown"
                : " column " + e.getLocation().getColumnNr();
    }

    private static String reason(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        int sentenceEnd = message.indexOf("\n");
        String sentence = Texts.head(sentenceEnd < 0 ? message : message.substring(0, sentenceEnd), 200);
        return Texts.storable(sentence) ? sentence : "unexpected character";
    }
}
