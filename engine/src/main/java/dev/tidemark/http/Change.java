package dev.tidemark.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an act changed, as its handler tells it: neither holds a secret.
 *
 * @param before null where there was nothing, or nobody said
 * @param after null where nothing is left, or nobody said
 * @param concerned tenants that it is about, where it is not done within one
 */
public record Change(@Nullable JsonNode before, @Nullable JsonNode after, List<TenantId> concerned) {
    public static final Change UNTOLD = new Change(null, null, List.of());

    public Change {
        concerned = List.copyOf(concerned);
    }

    private static final ScopedValue<Change[]> CURRENT = ScopedValue.newInstance();

    /** Tells of the change that the call at hand makes. Nobody hears of it outside an administrative route. */
    public static void tell(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (CURRENT.isBound()) {
            CURRENT.get()[0] = new Change(before, after, CURRENT.get()[0].concerned());
        }
    }

    /** Tells of a tenant that the call at hand is about, though it is not made within it. */
    public static void concerns(TenantId tenant) {
        if (CURRENT.isBound()) {
            Change known = CURRENT.get()[0];
            List<TenantId> all = new ArrayList<>(known.concerned());
            all.add(tenant);
            CURRENT.get()[0] = new Change(known.before(), known.after(), all);
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
            } catch (TidemarkException failure) {
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
