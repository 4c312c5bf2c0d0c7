package dev.tidemark.account.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Accounts;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Plans, and which tenant has which, for the administrators of the server. */
public final class PlanRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLANS = "/api/v1/plans";
    private static final String LIMITS = "/api/v1/tenants/:tenant/limits";
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final int MAX_PLANS = 200;

    private final Plans plans;
    private final Accounts accounts;

    public PlanRoutes(Plans plans, Accounts accounts) {
        this.plans = plans;
        this.accounts = accounts;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, PLANS, Access.SERVER, _ -> Reply.json(200, all()));
        table.blocking(HttpMethod.PUT, PLANS, Access.SERVER, this::replace);
        table.blocking(HttpMethod.GET, LIMITS, Access.SERVER, call -> Reply.json(200, limits(tenant(call))));
        table.blocking(HttpMethod.PUT, LIMITS, Access.SERVER, this::give);
    }

    private Reply replace(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("plans"));
        JsonNode list = body.path("plans");
        if (!list.isArray() || list.size() > MAX_PLANS) {
            throw invalid("must be a list of at most " + MAX_PLANS + " plans", "plans");
        }
        List<Plan> wanted = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int index = 0; index < list.size(); index++) {
            String at = "plans[" + index + "]";
            Plan plan = plan(list.get(index), at);
            if (!ids.add(plan.id())) {
                throw invalid("there are two plans of this name", at + ".plan");
            }
            wanted.add(plan);
        }
        ObjectNode before = all();
        plans.replace(wanted);
        ObjectNode after = all();
        Change.tell(before, after);
        return Reply.json(200, after);
    }

    private static Plan plan(JsonNode node, String at) {
        if (!node.isObject()) {
            throw invalid("a plan is an object with plan and limits", at);
        }
        Call.onlyKnownFields(node, at, List.of("plan", "limits", "tenants"));
        JsonNode id = node.path("plan");
        if (!id.isTextual() || !ID.matcher(id.textValue()).matches()) {
            throw invalid(
                    "must be 1 to 63 lower-case letters, digits, dashes and underscores, starting with a letter or digit",
                    at + ".plan");
        }
        JsonNode limits = node.has("limits") ? node.get("limits") : JSON.createObjectNode();
        return new Plan(id.textValue(), LimitsJson.read(limits, at + ".limits"));
    }

    private Reply give(Call call) {
        TenantId tenant = tenant(call);
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("plan", "overrides"));
        JsonNode overrides = body.has("overrides") ? body.get("overrides") : JSON.createObjectNode();
        TenantPlan wanted =
                new TenantPlan(Call.text(body, "plan", Plan.DEFAULT), LimitsJson.read(overrides, "overrides"));
        ObjectNode before = limits(tenant);
        plans.give(tenant, wanted);
        ObjectNode after = limits(tenant);
        Change.tell(before, after);
        Change.concerns(tenant);
        return Reply.json(200, after);
    }

    private ObjectNode all() {
        Map<String, Long> holders = plans.holders();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("plans");
        for (Plan plan : plans.all()) {
            ObjectNode node = list.addObject().put("plan", plan.id());
            node.set("limits", LimitsJson.said(plan.limits()));
            node.put("tenants", holders.getOrDefault(plan.id(), 0L));
        }
        return answer;
    }

    private ObjectNode limits(TenantId tenant) {
        TenantPlan given = plans.given(tenant);
        ObjectNode answer =
                JSON.createObjectNode().put("tenant_id", tenant.value()).put("plan", given.plan());
        answer.set("overrides", LimitsJson.said(given.overrides()));
        answer.set("limits", LimitsJson.whole(plans.of(tenant)));
        return answer;
    }

    /** {@code NOT_FOUND} for one that is not there. */
    private TenantId tenant(Call call) {
        try {
            return accounts.tenant(new TenantId(call.pathParameter("tenant"))).id();
        } catch (TidemarkException _) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
