package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Questions without a report, and the list of what arrived. */
public final class QueryRoutes implements Routes {
    private final QueryEngine engine;
    private final EventStore store;
    private final Positions positions;
    private final TenantDirectory tenants;
    private final CohortDirectory cohorts;
    private final TimeSource time;

    public QueryRoutes(
            QueryEngine engine,
            EventStore store,
            Positions positions,
            TenantDirectory tenants,
            CohortDirectory cohorts,
            TimeSource time) {
        this.engine = engine;
        this.store = store;
        this.positions = positions;
        this.tenants = tenants;
        this.cohorts = cohorts;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.POST, "/api/v1/query", Access.needs(Permission.DATA_QUERY), this::ask);
        table.blocking(HttpMethod.POST, "/api/v1/query/people", Access.needs(Permission.DATA_QUERY), this::people);
        table.blocking(HttpMethod.GET, "/api/v1/events", Access.needs(Permission.EVENTS_READ), this::events);
    }

    Reply ask(Call call) {
        TenantId tenant = call.tenant();
        JsonNode body = call.jsonObject();
        if (body.has("question")) {
            Call.onlyKnownFields(body, "", List.of("question"));
            body = body.get("question");
        }
        TenantSettings settings = tenants.settings(tenant);
        Instant now = time.instant();
        Question question = QuestionReader.read(
                body, QuestionContext.plain(now, settings.zone(), settings.weekStart(), cohorts.of(tenant)));
        boolean explained = call.flag("explain");
        long position = positions.of(tenant);
        ObjectNode reply = AnswerJson.JSON.objectNode();
        reply.put("type", question.type());
        if (explained) {
            QueryEngine.Explained found = engine.explain(tenant, question);
            reply.set("data", found.result().toJson());
            reply.set("explain", found.explanation());
        } else {
            reply.set("data", engine.answer(tenant, question).toJson());
        }
        reply.put("as_of_position", position);
        reply.put("generated_at", AnswerJson.time(now, ZoneOffset.UTC));
        return Reply.json(200, reply);
    }

    Reply people(Call call) {
        return Reply.json(200, FunnelPeopleList.page(store, call.tenant(), call.jsonObject(), context(call.tenant())));
    }

    Reply events(Call call) {
        return Reply.json(200, EventList.page(store, call.tenant(), call, context(call.tenant())));
    }

    private QuestionContext context(TenantId tenant) {
        TenantSettings settings = tenants.settings(tenant);
        return QuestionContext.plain(time.instant(), settings.zone(), settings.weekStart(), cohorts.of(tenant));
    }
}
