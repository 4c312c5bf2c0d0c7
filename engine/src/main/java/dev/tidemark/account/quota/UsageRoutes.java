package dev.tidemark.account.quota;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the caller's tenant has used. */
public final class UsageRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Quotas quotas;

    public UsageRoutes(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/usage", Access.needs(Permission.SETTINGS_READ), this::usage);
    }

    Reply usage(Call call) {
        return Reply.json(200, json(quotas.usage(call.tenant())));
    }

    private static ObjectNode json(Usage usage) {
        ObjectNode node = JSON.createObjectNode();
        node.put("plan", usage.plan());
        node.put("at", usage.at().truncatedTo(ChronoUnit.MILLIS).toString());
        ArrayNode limits = node.putArray("limits");
        usage.lines().forEach(line -> limits.add(json(line)));
        ArrayNode days = node.putArray("days");
        usage.days()
                .forEach(day -> days.addObject()
                        .put("date", day.date().toString())
                        .put("events", day.events())
                        .put("queries", day.queries()));
        return node;
    }

    private static ObjectNode json(Usage.Line line) {
        Instant resetsAt = line.resetsAt();
        return JSON.createObjectNode()
                .put("limit", line.limit().wireName())
                .put("used", line.used())
                .put("soft", line.soft())
                .put("hard", line.hard())
                .put("unit", line.limit().unit())
                .put("window", line.window())
                .put("resets_at", resetsAt == null ? null : resetsAt.toString())
                .put("state", line.state().name().toLowerCase(Locale.ROOT));
    }
}
