package dev.tidemark.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.account.Credential;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request as a blocking handler sees it: whole, authenticated, free of the HTTP server's types.
 *
 * @param origin scheme, host and port under which the caller reached this server, as in {@code https://stats.example.com}
 * @param headers by lower-case name, the last of each
 * @param query parameters, the last of each
 * @param caller the person or operator, where that is known
 * @param peer the network address of whoever is connected; empty where that is not known
 */
public record Call(
        String method,
        String path,
        String origin,
        Map<String, String> pathParameters,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        @Nullable Credential credential,
        String correlationId,
        @Nullable Caller caller,
        String peer) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One whose caller is known by the credential alone. */
    public Call(
            String method,
            String path,
            String origin,
            Map<String, String> pathParameters,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            @Nullable Credential credential,
            String correlationId) {
        this(method, path, origin, pathParameters, query, headers, body, credential, correlationId, null, "");
    }

    /** The person who has signed in. Only for routes that demand one. */
    public Caller.SignedIn signedIn() {
        if (caller instanceof Caller.SignedIn person) {
            return person;
        }
        throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "this needs a person who has signed in");
    }

    /** The same call with a credential and who is behind it. */
    Call with(@Nullable Credential other, @Nullable Caller person) {
        return new Call(method, path, origin, pathParameters, query, headers, body, other, correlationId, person, peer);
    }

    /** The same call with other headers, and without a credential. */
    Call withHeaders(Map<String, String> others) {
        return new Call(method, path, origin, pathParameters, query, others, body, null, correlationId, null, peer);
    }

    /** The tenant of the credential. Only for routes that demand one. */
    public TenantId tenant() {
        return requiredCredential().tenant();
    }

    public Credential requiredCredential() {
        if (credential == null) {
            throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "this needs a credential");
        }
        return credential;
    }

    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new TidemarkException(ErrorCode.INTERNAL, "route without parameter " + name);
        }
        return value;
    }

    public Optional<String> queryParameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** A query parameter that is {@code true} or {@code false}; absent means false. */
    public boolean flag(String name) {
        String value = query.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be true or false", name);
        }
        return value.equals("true");
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** A member of a JSON object that must be a text. */
    public static String text(JsonNode object, String name) {
        JsonNode node = object.path(name);
        if (!node.isTextual()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be a text", name);
        }
        return node.textValue();
    }

    /** A member of a JSON object that is a text where it is there. */
    public static String text(JsonNode object, String name, String otherwise) {
        return object.hasNonNull(name) ? text(object, name) : otherwise;
    }

    /** The body as a JSON object; a failure names what is wrong and where. */
    public JsonNode jsonObject() {
        JsonNode node;
        try {
            node = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(
                    ErrorCode.MALFORMED_BODY, "the body is not valid JSON: " + e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid JSON");
        }
        if (node == null || !node.isObject()) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body must be a JSON object");
        }
        return node;
    }

    private static String place(JsonProcessingException failure) {
        JsonLocation location = failure.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Fails, naming it, on a member that is not among the known ones. */
    public static void onlyKnownFields(JsonNode object, String at, List<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "unknown field; known here are " + String.join(", ", known),
                        at.isEmpty() ? name : at + "." + name);
            }
        });
    }
}
