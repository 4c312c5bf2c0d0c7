package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;

/** What needs the people of the caller's tenant now and what did lately, and whether word of it reaches them. */
public final class AlertRoutes implements Routes {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private final Alerting alerting;
    private final TimeSource time;

    public AlertRoutes(Alerting alerting, TimeSource time) {
        this.alerting = alerting;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/alerts", Access.needs(Permission.SETTINGS_READ), this::list);
        table.blocking(HttpMethod.POST, "/api/v1/alerts/test", Access.needs(Permission.SETTINGS_EDIT), this::test);
    }

    Reply list(Call call) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("alerts");
        for (Alert alert : alerting.list(call.tenant(), limit(call))) {
            ObjectNode shown = alert.toJson();
            ArrayNode messages = shown.putArray("messages");
            list.add(shown);
            alerting.messages(alert).forEach(message -> messages.add(message.toJson()));
        }
        return Reply.json(200, answer);
    }

    Reply test(Call call) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("type", "alert.test");
        message.put("timestamp", time.instant().toString());
        message.put("text", "Alerts of " + call.tenant() + " arrive here.");
        message.putObject("data").put("tenant_id", call.tenant().value());
        Webhook.Attempt attempt = alerting.test(call.tenant(), message)
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.CONFLICT, "there is no webhook yet: set alerts.webhook_url", "alerts.webhook_url"));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        return Reply.json(
                200,
                switch (attempt) {
                    case Webhook.Attempt.Taken(int status) ->
                        answer.put("delivered", true).put("status", status).putNull("problem");
                    case Webhook.Attempt.Failed(String problem) ->
                        answer.put("delivered", false).putNull("status").put("problem", problem);
                });
    }

    private static int limit(Call call) {
        String text = call.queryParameter("limit").orElse(Integer.toString(DEFAULT_LIMIT));
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // falls through to the one message for both
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be a number from 1 to " + MAX_LIMIT, "limit");
    }
}
