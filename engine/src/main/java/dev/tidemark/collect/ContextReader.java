package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads {@code context}, the same for every format; what is not known in it is passed over. */
final class ContextReader {
    private ContextReader() {}

    static void read(JsonParser parser, RawEvent event) throws IOException {
        if (!isObject(parser, event, "context")) {
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "page" -> group(parser, event, "context.page", ContextReader::page);
                case "campaign" -> group(parser, event, "context.campaign", ContextReader::campaign);
                case "library" -> group(parser, event, "context.library", ContextReader::library);
                case "os" -> group(parser, event, "context.os", ContextReader::os);
                case "app" ->
                    group(parser, event, "context.app", each -> each.equals("version") ? RawContext.APP_VERSION : null);
                case "consent" -> ConsentReader.read(parser, event);
                default -> single(parser, event, top(name));
            }
        }
    }

    private static void group(JsonParser parser, RawEvent event, String at, Naming naming) throws IOException {
        if (!isObject(parser, event, at)) {
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            single(parser, event, naming.find(name));
        }
    }

    private static void single(JsonParser parser, RawEvent event, @Nullable RawContext which) throws IOException {
        if (which == null) {
            parser.skipChildren();
            return;
        }
        if (event.context(which) != null) {
            event.fault(RejectReason.DUPLICATE_KEY, which.path(), "the key appears twice");
        }
        String text = Members.text(parser, event, which.path());
        event.context(which, text == null || text.isEmpty() ? null : text);
    }

    private static boolean isObject(JsonParser parser, RawEvent event, String at) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return true;
        }
        if (token != JsonToken.VALUE_NULL) {
            event.fault(RejectReason.WRONG_TYPE, at, "must be an object");
            parser.skipChildren();
        }
        return false;
    }

    private static @Nullable RawContext top(String name) {
        return switch (name) {
            case "ip" -> RawContext.IP;
            case "user_agent", "userAgent" -> RawContext.USER_AGENT;
            case "locale" -> RawContext.LOCALE;
            default -> null;
        };
    }

    private static @Nullable RawContext page(String name) {
        return switch (name) {
            case "url" -> RawContext.PAGE_URL;
            case "path" -> RawContext.PAGE_PATH;
            case "title" -> RawContext.PAGE_TITLE;
            case "referrer" -> RawContext.REFERRER;
            default -> null;
        };
    }

    private static @Nullable RawContext campaign(String name) {
        return switch (name) {
            case "source" -> RawContext.CAMPAIGN_SOURCE;
            case "medium" -> RawContext.CAMPAIGN_MEDIUM;
            case "name", "campaign" -> RawContext.CAMPAIGN_NAME;
            case "term" -> RawContext.CAMPAIGN_TERM;
            case "content" -> RawContext.CAMPAIGN_CONTENT;
            default -> null;
        };
    }

    private static @Nullable RawContext library(String name) {
        return switch (name) {
            case "name" -> RawContext.LIBRARY_NAME;
            case "version" -> RawContext.LIBRARY_VERSION;
            default -> null;
        };
    }

    private static @Nullable RawContext os(String name) {
        return switch (name) {
            case "name" -> RawContext.OS_NAME;
            case "version" -> RawContext.OS_VERSION;
            default -> null;
        };
    }

    @FunctionalInterface
    private interface Naming {
        @Nullable
        RawContext find(String name);
    }
}
