package dev.tidemark.http;

import dev.tidemark.base.UuidV7;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/** Gives every request an id, the caller's {@code X-Correlation-ID} where it is well-formed, and sends it back. */
public final class CorrelationId implements Handler<RoutingContext> {
    public static final String HEADER = "X-Correlation-ID";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String KEY = "tidemark.correlation-id";

    private final UuidV7 ids;

    public CorrelationId(UuidV7 ids) {
        this.ids = ids;
    }

    @Override
    public void handle(RoutingContext context) {
        String given = context.request().getHeader(HEADER);
        String id = given != null && FORM.matcher(given).matches()
                ? given
                : ids.next().toString();
        context.put(KEY, id);
        context.response().putHeader(HEADER, id);
        context.next();
    }

    /** The id of the request; empty when no id was given to it. */
    public static String of(RoutingContext context) {
        String id = context.get(KEY);
        return id == null ? "" : id;
    }
}
