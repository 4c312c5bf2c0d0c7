package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Authorization;
import dev.tidemark.account.Permission;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SeenVersion;
import io.vertx.core.http.HttpMethod;

/**
 * Definitions of reports and widgets. Every answer carries the report's version as its entity tag; a change that sends it back
 * in {@code If-Match}, or as {@code version} in the body, is refused with 409 when somebody else was faster.
 */
public final class ReportRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/reports";
    private static final String ONE = ALL + "/:id";
    private static final String WIDGETS = ONE + "/widgets";
    private static final String WIDGET = WIDGETS + "/:widgetId";

    private final Reports reports;
    private final Authorization authorization;

    public ReportRoutes(Reports reports, Authorization authorization) {
        this.reports = reports;
        this.authorization = authorization;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.needs(Permission.REPORTS_VIEW), this::list);
        table.blocking(HttpMethod.POST, ALL, Access.needs(Permission.REPORTS_EDIT), this::create);
        table.blocking(HttpMethod.GET, ONE + "/definition", Access.onReport(Permission.REPORTS_VIEW), this::definition);
        table.blocking(HttpMethod.PUT, ONE, Access.onReport(Permission.REPORTS_EDIT), this::replace);
        table.blocking(HttpMethod.DELETE, ONE, Access.onReport(Permission.REPORTS_EDIT), this::remove);
        table.blocking(HttpMethod.GET, WIDGETS, Access.onReport(Permission.REPORTS_VIEW), this::widgets);
        table.blocking(HttpMethod.POST, WIDGETS, Access.onReport(Permission.REPORTS_EDIT), this::addWidget);
        table.blocking(HttpMethod.GET, WIDGET, Access.onReport(Permission.REPORTS_VIEW), this::widget);
        table.blocking(HttpMethod.PUT, WIDGET, Access.onReport(Permission.REPORTS_EDIT), this::replaceWidget);
        table.blocking(HttpMethod.DELETE, WIDGET, Access.onReport(Permission.REPORTS_EDIT), this::removeWidget);
    }

    private Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode array = answer.putArray("reports");
        for (Report report : reports.list(call.tenant())) {
            if (!authorization.permits(
                    call.requiredCredential(),
                    Permission.REPORTS_VIEW,
                    report.id().value())) {
                continue;
            }
            array.add(
                    ReportJson.head(report).put("widget_count", report.widgets().size()));
        }
        return Reply.json(200, answer);
    }

    private Reply create(Call call) {
        return created(reports.create(call.tenant(), call.jsonObject()));
    }

    /** The answer to whoever has made a report. */
    static Reply created(Report report) {
        return tagged(report, Reply.json(201, ReportJson.definition(report)))
                .withHeader("Location", ALL + "/" + report.id());
    }

    private Reply definition(Call call) {
        Report report = reports.find(call.tenant(), id(call));
        return tagged(report, Reply.json(200, ReportJson.definition(report)));
    }

    private Reply replace(Call call) {
        JsonNode body = call.jsonObject();
        Report report = reports.replace(call.tenant(), id(call), SeenVersion.of(call, body), body);
        return tagged(report, Reply.json(200, ReportJson.definition(report)));
    }

    private Reply remove(Call call) {
        reports.remove(call.tenant(), id(call), SeenVersion.of(call));
        return Reply.empty(204);
    }

    private Reply widgets(Call call) {
        Report report = reports.find(call.tenant(), id(call));
        ObjectNode answer = JSON.createObjectNode();
        answer.set("widgets", ReportJson.widgets(report.widgets()));
        return tagged(report, Reply.json(200, answer));
    }

    private Reply widget(Call call) {
        Report report = reports.find(call.tenant(), id(call));
        Widget widget = Reports.widget(report, call.pathParameter("widgetId"));
        return tagged(report, Reply.json(200, ReportJson.widget(widget)));
    }

    private Reply addWidget(Call call) {
        Report report = reports.addWidget(call.tenant(), id(call), SeenVersion.of(call), call.jsonObject());
        Widget added = report.widgets().getLast();
        return tagged(report, Reply.json(201, ReportJson.widget(added)))
                .withHeader("Location", ALL + "/" + report.id() + "/widgets/" + added.id());
    }

    private Reply replaceWidget(Call call) {
        String widgetId = call.pathParameter("widgetId");
        Report report =
                reports.replaceWidget(call.tenant(), id(call), widgetId, SeenVersion.of(call), call.jsonObject());
        return tagged(report, Reply.json(200, ReportJson.widget(Reports.widget(report, widgetId))));
    }

    private Reply removeWidget(Call call) {
        Report report =
                reports.removeWidget(call.tenant(), id(call), call.pathParameter("widgetId"), SeenVersion.of(call));
        return tagged(report, Reply.empty(204));
    }

    private static Reply tagged(Report report, Reply reply) {
        return SeenVersion.tagged(report.version(), reply);
    }

    static ReportId id(Call call) {
        return new ReportId(call.pathParameter("id"));
    }
}
