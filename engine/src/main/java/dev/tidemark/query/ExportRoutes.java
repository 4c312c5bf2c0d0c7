package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Questions and events as files. */
public final class ExportRoutes implements Routes {
    private final Exports exports;
    private final EventExport events;
    private final TenantDirectory tenants;
    private final CohortDirectory cohorts;
    private final TimeSource time;

    public ExportRoutes(
            Exports exports,
            EventStore store,
            Positions positions,
            TenantDirectory tenants,
            CohortDirectory cohorts,
            TimeSource time) {
        this.exports = exports;
        this.events = new EventExport(store, positions, cohorts, exports);
        this.tenants = tenants;
        this.cohorts = cohorts;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.POST, "/api/v1/query/export", Access.needs(Permission.DATA_QUERY), this::question);
        table.blocking(HttpMethod.GET, "/api/v1/events/export", Access.needs(Permission.EVENTS_READ), this::events);
    }

    Reply question(Call call) {
        JsonNode body = call.jsonObject();
        if (body.has("question")) {
            Call.onlyKnownFields(body, "", List.of("question"));
            body = body.get("question");
        }
        TenantSettings settings = tenants.settings(call.tenant());
        Question question = QuestionReader.read(
                body,
                QuestionContext.plain(
                        time.instant(), settings.zone(), settings.weekStart(), cohorts.of(call.tenant())));
        return exports.reply(call.tenant(), question, call, question.type());
    }

    Reply events(Call call) {
        return events.reply(call, tenants.settings(call.tenant()), time.instant());
    }
}
