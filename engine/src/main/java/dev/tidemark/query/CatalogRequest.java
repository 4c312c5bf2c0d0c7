package dev.tidemark.query;

import dev.tidemark.http.Call;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of the catalog is asked for.
 *
 * @param eventTypes to which it is limited; empty for all
 * @param search a part of the name or value, in any case; empty for everything
 * @param offset how many come before
 * @param locked which events exist for the asker; null for all of the tenant's
 */
record CatalogRequest(
        List<String> eventTypes,
        String search,
        int limit,
        int offset,
        @Nullable Filter locked) {
    private static final int MAX_SEARCH = 200;
    private static final int MAX_OFFSET = 100_000;

    CatalogRequest {
        eventTypes = List.copyOf(eventTypes);
    }

    static CatalogRequest of(Call call) {
        String search = call.queryParameter("search").orElse("");
        if (search.length() > MAX_SEARCH) {
            throw Fields.invalid("search", "can have at most " + MAX_SEARCH + " characters");
        }
        return new CatalogRequest(
                call.queryParameter("event_type").map(List::of).orElse(List.of()),
                search,
                ListParameters.limit(call),
                offset(call),
                null);
    }

    /** The same, of events that a filter lets through. */
    CatalogRequest within(Filter filter) {
        return new CatalogRequest(eventTypes, search, limit, offset, filter);
    }

    /** The cursor of the page behind this one. */
    String nextCursor() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("after " + (offset + limit)).getBytes(StandardCharsets.UTF_8));
    }

    private static int offset(Call call) {
        Optional<String> cursor = call.queryParameter("cursor");
        if (cursor.isEmpty()) {
            return 0;
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(cursor.get()), StandardCharsets.UTF_8);
            int offset = plain.matches("after \\d{1,6}") ? Integer.parseInt(plain.substring(6)) : 0;
            if (offset > 0 && offset <= MAX_OFFSET) {
                return offset;
            }
        } catch (IllegalArgumentException e) {
            throw Fields.invalid("cursor", "is not a cursor that this list gave");
        }
        throw Fields.invalid("cursor", "is not a cursor that this list gave");
    }
}
