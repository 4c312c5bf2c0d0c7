package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the single values of an event; what does not fit becomes a fault of the event and reads as absent. */
final class Members {
    private static final long LATEST_READABLE = 253_402_300_799_999L;

    private Members() {}

    static @Nullable String text(JsonParser parser, RawEvent event, String field) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            if (text.length() > Limits.TEXT_CHARS) {
                event.fault(
                        RejectReason.TEXT_TOO_LONG,
                        field,
                        "a text must have at most " + Limits.TEXT_CHARS + " characters");
                return null;
            }
            return storable(text, event, field);
        }
        if (token != JsonToken.VALUE_NULL) {
            event.fault(RejectReason.WRONG_TYPE, field, "must be a text");
            parser.skipChildren();
        }
        return null;
    }

    /** Texts and whole numbers; the numbers as they are written. */
    static @Nullable String id(JsonParser parser, RawEvent event, String field) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
            if (parser.getTextLength() > Limits.ID_CHARS) {
                event.fault(
                        RejectReason.ID_TOO_LONG, field, "an id must have at most " + Limits.ID_CHARS + " characters");
                return null;
            }
            return storable(parser.getText(), event, field);
        }
        if (token != JsonToken.VALUE_NULL) {
            event.fault(RejectReason.WRONG_TYPE, field, "an id must be a text or a whole number");
            parser.skipChildren();
        }
        return null;
    }

    /** ISO-8601 text or Unix milliseconds. */
    static long time(JsonParser parser, RawEvent event, String field) throws IOException {
        JsonToken token = parser.currentToken();
        switch (token) {
            case VALUE_NULL -> {
                return RawEvent.ABSENT;
            }
            case VALUE_STRING -> {
                long parsed = Timestamps.parse(parser.getText());
                if (parsed != Timestamps.UNREADABLE) {
                    return parsed;
                }
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                if (parser.getTextLength() <= 30) {
                    double millis = parser.getDoubleValue();
                    if (Math.abs(millis) <= LATEST_READABLE) {
                        return (long) Math.floor(millis);
                    }
                }
            }
            default -> parser.skipChildren();
        }
        event.fault(
                RejectReason.INVALID_TIMESTAMP,
                field,
                "must be an ISO-8601 time such as 2026-01-31T09:30:00.000Z, or Unix milliseconds");
        return RawEvent.ABSENT;
    }

    /** Whether an id is one of the values that broken clients send for nobody. */
    static boolean isJunk(String id) {
        String bare = id.strip();
        if (bare.length() > "undefined".length()) {
            return false;
        }
        return switch (bare.toLowerCase(Locale.ROOT)) {
            case "", "null", "undefined", "none", "0", "anonymous", "nan" -> true;
            default -> false;
        };
    }

    private static @Nullable String storable(String text, RawEvent event, String field) {
        if (event.escapes && !Texts.storable(text)) {
            event.fault(RejectReason.INVALID_TEXT, field, "the text holds a NUL or half of a surrogate pair");
            return null;
        }
        return text;
    }
}
