package dev.tidemark.query;

import dev.tidemark.http.Call;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** The query parameters of lists: how many, since when, from where on. */
final class ListParameters {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    private ListParameters() {}

    /** Where a page ended, in the order of time and id. */
    record Cursor(long millis, String id) {
        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((millis + " " + id).getBytes(StandardCharsets.UTF_8));
        }
    }

    static int limit(Call call) {
        Optional<String> text = call.queryParameter("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        int limit = text.get().matches("\\d{1,6}") ? Integer.parseInt(text.get()) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Fields.invalid("limit", "must be a number between 1 and " + MAX_LIMIT);
        }
        return limit;
    }

    /** A time as Unix milliseconds. */
    static OptionalLong time(Call call, String name) {
        Optional<String> text = call.queryParameter(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(time(text.get(), name));
    }

    /** The form that {@link #time} reads. */
    static String text(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    static long time(String text, String name) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (new TimeRange(instant, instant.plusMillis(1)).isStorable()) {
                return instant.toEpochMilli();
            }
        } catch (DateTimeException e) {
            throw Fields.invalid(name, "must be a time with an offset, as in 2026-03-01T12:00:00Z");
        }
        throw Fields.invalid(name, "must lie between the years 1970 and 2105");
    }

    static Optional<Cursor> cursor(Call call) {
        return call.queryParameter("cursor").map(ListParameters::cursor);
    }

    static Cursor cursor(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int space = plain.indexOf(' ');
            return new Cursor(Long.parseLong(plain.substring(0, Math.max(space, 0))), plain.substring(space + 1));
        } catch (IllegalArgumentException e) {
            throw Fields.invalid("cursor", "is not a cursor that this list gave");
        }
    }
}
