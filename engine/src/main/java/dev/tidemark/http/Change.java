package dev.tidemark.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What an act changed, as its handler tells it: neither holds a secret.
 *
 * @param before null where there was nothing, or nobody said
 * @param after null where nothing is left, or nobody said
 */
public record Change(@Nullable JsonNode before, @Nullable JsonNode after) {
    public static final Change UNTOLD = new Change(null, null);

    private static final ScopedValue<Change[]> CURRENT = ScopedValue.newInstance();

    /** Tells of the change that the call at hand makes. Nobody hears of it outside an administrative route. */
    public static void tell(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (CURRENT.isBound()) {
            CURRENT.get()[0] = new Change(before, after);
        }
    }

    /** The handler with every call written down. */
    static BlockingHandler written(BlockingHandler handler, String route, Acts acts) {
        return call -> {
            Acts.Open act = acts.begin(call, route);
            Change[] told = {UNTOLD};
            Reply reply;
            try {
                reply = ScopedValue.where(CURRENT, told).call(() -> handler.handle(call));
            } catch (dev.tidemark.base.TidemarkException failure) {
                act.end(Problem.reply(failure, call.correlationId()), told[0]);
                throw failure;
            } catch (RuntimeException | Error failure) {
                act.end(Reply.empty(500), told[0]);
                throw failure;
            }
            act.end(reply, told[0]);
            return reply;
        };
    }
}
