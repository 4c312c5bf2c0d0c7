package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.People;
import dev.tidemark.account.Permission;
import dev.tidemark.account.ReportGrant;
import dev.tidemark.account.Role;
import dev.tidemark.account.UserId;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who of the tenant may see or edit a restricted report. */
public final class ReportGrantRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GRANTS = "/api/v1/reports/:id/grants";
    private static final int MAX_GRANTS = 200;

    private final Reports reports;
    private final People people;

    public ReportGrantRoutes(Reports reports, People people) {
        this.reports = reports;
        this.people = people;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, GRANTS, Access.onReport(Permission.REPORTS_RESTRICT), this::list);
        table.blocking(HttpMethod.PUT, GRANTS, Access.onReport(Permission.REPORTS_RESTRICT), this::replace);
    }

    private Reply list(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        return Reply.json(200, json(people.grants(call.tenant(), report.id().value())));
    }

    private Reply replace(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("grants"));
        JsonNode list = body.path("grants");
        if (!list.isArray() || list.size() > MAX_GRANTS) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be a list of at most " + MAX_GRANTS + " grants", "grants");
        }
        Map<ReportGrant.Holder, ReportGrant> grants = new LinkedHashMap<>();
        for (int index = 0; index < list.size(); index++) {
            ReportGrant grant = grant(list.get(index), "grants[" + index + "]");
            if (grants.put(grant.holder(), grant) != null) {
                throw new TidemarkException(ErrorCode.INVALID_FIELD, "is named twice", "grants[" + index + "]");
            }
        }
        ObjectNode before = json(people.grants(call.tenant(), report.id().value()));
        people.restrict(call.tenant(), report.id().value(), List.copyOf(grants.values()));
        ObjectNode after = json(people.grants(call.tenant(), report.id().value()));
        Change.tell(before, after);
        return Reply.json(200, after);
    }

    private static ReportGrant grant(JsonNode node, String at) {
        if (!node.isObject() || node.has("user_id") == node.has("role")) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "is an object with level and either user_id or role", at);
        }
        Call.onlyKnownFields(node, at, List.of("user_id", "role", "level"));
        ReportGrant.Holder holder = node.has("role")
                ? new ReportGrant.Holder.Everyone(Role.of(node.path("role").asText(), at + ".role"))
                : new ReportGrant.Holder.Named(user(node.path("user_id").asText(), at + ".user_id"));
        return new ReportGrant(
                holder,
                switch (node.path("level").asText()) {
                    case "view" -> ReportGrant.Level.VIEW;
                    case "edit" -> ReportGrant.Level.EDIT;
                    default ->
                        throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be view or edit", at + ".level");
                });
    }

    private static UserId user(String text, String at) {
        try {
            return new UserId(text);
        } catch (TidemarkException e) {
            throw new TidemarkException(e.code(), e.detail(), at);
        }
    }

    private static ObjectNode json(List<ReportGrant> grants) {
        ObjectNode answer = JSON.createObjectNode().put("restricted", !grants.isEmpty());
        ArrayNode list = answer.putArray("grants");
        for (ReportGrant grant : grants) {
            ObjectNode node = list.addObject();
            switch (grant.holder()) {
                case ReportGrant.Holder.Named named ->
                    node.put("user_id", named.user().value());
                case ReportGrant.Holder.Everyone everyone ->
                    node.put("role", everyone.role().wireName());
            }
            node.put("level", grant.level().name().toLowerCase(Locale.ROOT));
        }
        return answer;
    }
}
