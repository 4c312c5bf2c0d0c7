package dev.tidemark.app.imports;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One line of a web server's log in common or combined format. A dash in the log is null here.
 *
 * @param client address or host name
 * @param request the request line as logged, unescaped
 * @param bytes of the response's body
 */
record LogLine(
        String client,
        @Nullable String user,
        OffsetDateTime time,
        @Nullable String request,
        @Nullable Integer status,
        @Nullable Long bytes,
        @Nullable String referrer,
        @Nullable String userAgent) {}
