package dev.tidemark.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SeenVersion;
import dev.tidemark.query.Cohort;
import dev.tidemark.query.CohortPeople;
import io.vertx.core.http.HttpMethod;

/** Definitions of cohorts, how large they are, and who is in them. Versions are as with reports. */
public final class CohortRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/cohorts";
    private static final String ONE = ALL + "/:id";

    private final Cohorts cohorts;
    private final CohortPeople people;
    private final TimeSource clock;

    public CohortRoutes(Cohorts cohorts, CohortPeople people, TimeSource clock) {
        this.cohorts = cohorts;
        this.people = people;
        this.clock = clock;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.needs(Permission.COHORTS_READ), this::list);
        table.blocking(HttpMethod.POST, ALL, Access.needs(Permission.COHORTS_EDIT), this::create);
        table.blocking(HttpMethod.GET, ONE, Access.needs(Permission.COHORTS_READ), this::read);
        table.blocking(HttpMethod.PUT, ONE, Access.needs(Permission.COHORTS_EDIT), this::replace);
        table.blocking(HttpMethod.DELETE, ONE, Access.needs(Permission.COHORTS_EDIT), this::remove);
        table.blocking(HttpMethod.POST, ONE + "/members", Access.needs(Permission.COHORTS_EDIT), this::addMembers);
        table.blocking(HttpMethod.GET, ONE + "/people", Access.needs(Permission.DATA_QUERY), this::people);
    }

    Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode array = answer.putArray("cohorts");
        cohorts.list(call.tenant()).forEach(cohort -> array.add(json(cohort)));
        return Reply.json(200, answer);
    }

    Reply create(Call call) {
        DefinedCohort cohort = cohorts.create(call.tenant(), call.jsonObject());
        return tagged(cohort, 201).withHeader("Location", ALL + "/" + cohort.id());
    }

    Reply read(Call call) {
        TenantId tenant = call.tenant();
        DefinedCohort cohort = cohorts.find(tenant, id(call));
        ObjectNode answer = json(cohort);
        String asOf = clock.instant().toString();
        answer.put("size", people.size(tenant, cohorts.resolved(tenant, cohort.id())));
        if (cohort.content() instanceof DefinedCohort.Static content) {
            answer.put("listed", people.listed(tenant, content.list().value()));
        }
        answer.put("as_of", asOf);
        return SeenVersion.tagged(cohort.version(), Reply.json(200, answer));
    }

    Reply replace(Call call) {
        JsonNode body = call.jsonObject();
        return tagged(cohorts.replace(call.tenant(), id(call), SeenVersion.of(call, body), body), 200);
    }

    Reply remove(Call call) {
        cohorts.remove(call.tenant(), id(call), SeenVersion.of(call));
        return Reply.empty(204);
    }

    Reply addMembers(Call call) {
        JsonNode body = call.jsonObject();
        return tagged(cohorts.addMembers(call.tenant(), id(call), SeenVersion.of(call, body), body), 200);
    }

    Reply people(Call call) {
        TenantId tenant = call.tenant();
        Cohort cohort = cohorts.resolved(tenant, id(call));
        String asOf = clock.instant().toString();
        return Reply.json(200, people.page(tenant, cohort, call).put("as_of", asOf));
    }

    private static Reply tagged(DefinedCohort cohort, int status) {
        return SeenVersion.tagged(cohort.version(), Reply.json(status, json(cohort)));
    }

    private static CohortId id(Call call) {
        return new CohortId(call.pathParameter("id"));
    }

    private static ObjectNode json(DefinedCohort cohort) {
        ObjectNode node = JSON.createObjectNode()
                .put("cohort_id", cohort.id().value())
                .put("name", cohort.name())
                .put("description", cohort.description())
                .put("kind", cohort.content().kind());
        if (cohort.content() instanceof DefinedCohort.Dynamic dynamic) {
            node.set("definition", dynamic.definition());
        }
        return node.put("version", cohort.version())
                .put("created_at", cohort.createdAt().toString())
                .put("updated_at", cohort.updatedAt().toString());
    }
}
