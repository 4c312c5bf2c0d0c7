package dev.tidemark.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a thing that a caller has seen before changing it: {@code If-Match}, or {@code version} in the body. */
public final class SeenVersion {
    private static final Pattern ENTITY_TAG = Pattern.compile("\"(\\d{1,18})\"");

    private SeenVersion() {}

    /** That of the body, else that of the header; empty where the caller names none. */
    public static OptionalLong of(Call call, JsonNode body) {
        if (!body.has("version")) {
            return of(call);
        }
        if (!body.get("version").isIntegralNumber()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "version must be a whole number", "version");
        }
        return OptionalLong.of(body.get("version").longValue());
    }

    public static OptionalLong of(Call call) {
        Optional<String> header = call.header("If-Match").map(String::strip).filter(tag -> !tag.equals("*"));
        if (header.isEmpty()) {
            return OptionalLong.empty();
        }
        Matcher tag = ENTITY_TAG.matcher(header.get());
        if (!tag.matches()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "If-Match must be the ETag that was sent, as in \"3\"", "If-Match");
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }

    /** A reply with the version as its entity tag. */
    public static Reply tagged(long version, Reply reply) {
        return reply.withHeader("ETag", "\"" + version + "\"");
    }
}
