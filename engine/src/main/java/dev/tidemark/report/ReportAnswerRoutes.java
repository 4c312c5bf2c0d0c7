package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.EntityTag;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Reports with their numbers, and the manual invalidation of what is cached of them. */
public final class ReportAnswerRoutes implements Routes {
    private final Reports reports;
    private final ReportRunner runner;

    public ReportAnswerRoutes(Reports reports, ReportRunner runner) {
        this.reports = reports;
        this.runner = runner;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/reports/:id", Access.VIEW, this::answer);
        table.blocking(
                HttpMethod.POST, "/api/v1/cache/invalidate", Access.needs(Permission.REPORTS_EDIT), this::invalidate);
    }

    Reply answer(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        Overrides overrides = Overrides.of(call);
        if (call.flag("explain")) {
            if (call.requiredCredential() instanceof Credential.EmbedToken) {
                throw new TidemarkException(ErrorCode.FORBIDDEN, "an explanation needs a secret key");
            }
            return Reply.json(200, runner.explain(report, overrides, call.correlationId()));
        }
        ReportAnswer answer = runner.run(report, overrides, Reach.of(call.requiredCredential()), call.correlationId());
        if (answer.entityTag().isEmpty()) {
            return Reply.bytes(200, "application/json", answer.json());
        }
        Reply reply = EntityTag.matches(call, answer.entityTag())
                ? Reply.empty(304)
                : Reply.bytes(200, "application/json", answer.json());
        return reply.withHeader("ETag", answer.entityTag()).withHeader("Cache-Control", "private, no-cache");
    }

    private Reply invalidate(Call call) {
        if (call.body().length == 0) {
            runner.invalidate(call.tenant());
            return Reply.empty(204);
        }
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("report_id"));
        if (!body.has("report_id")) {
            runner.invalidate(call.tenant());
        } else if (body.get("report_id").isTextual()) {
            ReportId id = new ReportId(body.get("report_id").textValue());
            runner.invalidate(call.tenant(), reports.find(call.tenant(), id).id());
        } else {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "report_id must be a text", "report_id");
        }
        return Reply.empty(204);
    }
}
