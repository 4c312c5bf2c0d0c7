package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TidemarkException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problem details (RFC 9457) for a failure: the one place where error codes become HTTP statuses. */
public final class Problem {
    private Problem() {}

    public static int status(ErrorCode code) {
        return switch (code) {
            case MALFORMED_BODY, INVALID_FIELD, QUERY_TOO_EXPENSIVE -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case BODY_TOO_LARGE -> 413;
            case UNSUPPORTED_ENCODING -> 415;
            case TOO_MANY_REQUESTS, RATE_LIMITED, OVER_FAIR_SHARE, QUOTA_EXCEEDED -> 429;
            case JOURNAL_FULL, DISK_FULL, OVERLOADED, ENGINE_UNAVAILABLE, STORAGE_FAILED, SHUTTING_DOWN -> 503;
            case INVALID_CONFIGURATION, INTERNAL -> 500;
        };
    }

    /** The reply for a failure, with {@code Retry-After} where trying again makes sense. */
    public static Reply reply(TidemarkException failure, String correlationId) {
        Exceeded exceeded = failure.exceeded().orElse(null);
        if (exceeded == null) {
            return reply(failure.code(), failure.detail(), failure.field().orElse(""), correlationId);
        }
        Reply reply = Reply.json(status(failure.code()), body(failure, correlationId))
                .withHeader("Content-Type", "application/problem+json")
                .withHeader("Retry-After", Long.toString(exceeded.retryAfterSeconds()));
        for (Map.Entry<String, String> header : exceeded.headers().entrySet()) {
            reply = reply.withHeader(header.getKey(), header.getValue());
        }
        return reply;
    }

    public static Reply reply(ErrorCode code, String detail, String field, String correlationId) {
        Reply reply = reply(status(code), code.wireName(), detail, field, correlationId);
        if (code == ErrorCode.UNAUTHENTICATED) {
            reply = reply.withHeader("WWW-Authenticate", "Bearer realm=\"tidemark\"");
        }
        return code.retryable() ? reply.withHeader("Retry-After", "1") : reply;
    }

    /** The problem of a failure as an object, for answers that carry it inside. */
    public static Map<String, Object> body(TidemarkException failure, String correlationId) {
        ErrorCode code = failure.code();
        Map<String, Object> body = body(
                status(code), code.wireName(), failure.detail(), failure.field().orElse(""), correlationId);
        failure.exceeded().ifPresent(exceeded -> {
            body.put("limit", exceeded.limit());
            body.put("hard", exceeded.hard());
            body.put("resets_at", exceeded.resetsAt().toString());
            body.put("retry_after", exceeded.retryAfterSeconds());
        });
        return body;
    }

    static Reply reply(int status, String code, String detail, String correlationId) {
        return reply(status, code, detail, "", correlationId);
    }

    private static Reply reply(int status, String code, String detail, String field, String correlationId) {
        return Reply.json(status, body(status, code, detail, field, correlationId))
                .withHeader("Content-Type", "application/problem+json");
    }

    private static Map<String, Object> body(
            int status, String code, String detail, String field, String correlationId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "urn:tidemark:problem:" + code);
        body.put("title", title(code));
        body.put("status", status);
        body.put("code", code);
        body.put("detail", detail);
        if (!field.isEmpty()) {
            body.put("field", field);
        }
        body.put("correlation_id", correlationId);
        return body;
    }

    private static String title(String code) {
        String words = code.replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
