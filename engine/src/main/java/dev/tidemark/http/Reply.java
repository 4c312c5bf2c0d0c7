package dev.tidemark.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response. Header names are case-insensitive; the bytes belong to the reply.
 *
 * @param body the whole of it, where there is no stream
 * @param stream makes the body while it is sent; null for a whole one
 */
public record Reply(
        int status,
        Map<String, String> headers,
        byte[] body,
        @Nullable StreamedBody stream) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A whole one. */
    public Reply(int status, Map<String, String> headers, byte[] body) {
        this(status, headers, body, null);
    }

    /**
     * One whose body is made while it is sent. A failure before the first byte becomes problem details; a later one breaks the connection
     * off, so that nobody takes what came for the whole.
     */
    public static Reply streamed(int status, String contentType, StreamedBody stream) {
        return new Reply(status, Map.of("Content-Type", contentType), new byte[0], stream);
    }

    public static Reply json(int status, Object value) {
        try {
            return bytes(status, "application/json", JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer could not be written as JSON", e);
        }
    }

    public static Reply text(int status, String contentType, String text) {
        return bytes(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Reply bytes(int status, String contentType, byte[] body) {
        return new Reply(status, Map.of("Content-Type", contentType), body);
    }

    public static Reply empty(int status) {
        return new Reply(status, Map.of(), new byte[0]);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> extended = new LinkedHashMap<>(headers);
        extended.put(name, value);
        return new Reply(status, extended, body, stream);
    }
}
