package dev.tidemark.query;

import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.store.EventStore;
import io.vertx.core.http.HttpMethod;

/** What could not become an event: lists, counts, one. */
public final class DeadLetterRoutes implements Routes {
    private final EventStore store;

    public DeadLetterRoutes(EventStore store) {
        this.store = store;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/dead-letters", Access.needs(Permission.DEAD_LETTERS_READ), this::page);
        table.blocking(
                HttpMethod.GET,
                "/api/v1/dead-letters/counts",
                Access.needs(Permission.DEAD_LETTERS_READ),
                this::counts);
        table.blocking(
                HttpMethod.GET, "/api/v1/dead-letters/:id", Access.needs(Permission.DEAD_LETTERS_READ), this::one);
    }

    Reply page(Call call) {
        return Reply.json(200, DeadLetterList.page(store, call.tenant(), call));
    }

    Reply counts(Call call) {
        return Reply.json(200, DeadLetterCounts.answer(store, call.tenant(), call));
    }

    Reply one(Call call) {
        return DeadLetterList.one(store, call.tenant(), call.pathParameter("id"))
                .map(letter -> Reply.json(200, letter))
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such dead letter"));
    }
}
