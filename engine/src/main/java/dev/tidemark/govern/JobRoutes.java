package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;

/** How far the jobs of a tenant are: each is shown to whoever may see what it is about. */
public final class JobRoutes implements Routes {
    private static final int MOST = 200;

    private final Jobs jobs;

    public JobRoutes(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/jobs", Access.needs(Permission.STATUS_READ), this::list);
        table.blocking(HttpMethod.GET, "/api/v1/jobs/:id", Access.needs(Permission.STATUS_READ), this::one);
    }

    Reply list(Call call) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("jobs");
        jobs.list(call.tenant(), MOST, call.requiredCredential().permissions()).forEach(job -> all.add(json(job)));
        return Reply.json(200, answer);
    }

    Reply one(Call call) {
        return Reply.json(
                200,
                json(jobs.find(
                                call.tenant(),
                                call.pathParameter("id"),
                                call.requiredCredential().permissions())
                        .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such job"))));
    }

    /** The answer to a request that made a job. */
    static Reply accepted(Job job) {
        return Reply.json(202, json(job)).withHeader("Location", "/api/v1/jobs/" + job.id());
    }

    private static ObjectNode json(Job job) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("job_id", job.id());
        node.put("kind", job.kind());
        node.put("state", job.state().wireName());
        node.set("request", job.request());
        node.set("progress", job.progress());
        node.put("problem", job.problem());
        node.put("created_at", job.createdAt().toString());
        node.put("updated_at", job.updatedAt().toString());
        return node;
    }
}
