package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads {@code context.consent}: {@code {"analytics": false}}, or as Segment's clients send it,
 * {@code {"categoryPreferences": {"Analytics": false}}}. What is neither is passed over.
 */
final class ConsentReader {
    private static final int MOST = 100;

    private ConsentReader() {}

    static void read(JsonParser parser, RawEvent event) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        Map<String, Boolean> consent = new HashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            boolean preferences = parser.nextToken() == JsonToken.START_OBJECT && name.equals("categoryPreferences");
            if (preferences) {
                for (String category = parser.nextFieldName(); category != null; category = parser.nextFieldName()) {
                    parser.nextToken();
                    put(parser, category, consent);
                }
            } else {
                put(parser, name, consent);
            }
        }
        event.consent = consent;
    }

    private static void put(JsonParser parser, String category, Map<String, Boolean> consent) throws IOException {
        if (parser.currentToken().isBoolean() && consent.size() < MOST) {
            consent.put(category.toLowerCase(Locale.ROOT), parser.getBooleanValue());
        } else {
            parser.skipChildren();
        }
    }
}
