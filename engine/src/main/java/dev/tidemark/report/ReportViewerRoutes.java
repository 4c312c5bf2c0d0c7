package dev.tidemark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.query.DrillDown;
import dev.tidemark.query.PropertyValues;
import dev.tidemark.query.Question;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;

/**
 * What those who see a report may ask of it besides its numbers: the values that they can choose, and who and what is behind a number.
 * All of it as far as the author allows, and of those events alone that exist for them.
 */
public final class ReportViewerRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SPOT = 16_000;

    private final Reports reports;
    private final ReportRunner runner;
    private final PropertyValues values;
    private final DrillDown drillDown;
    private final TimeSource time;

    public ReportViewerRoutes(
            Reports reports, ReportRunner runner, PropertyValues values, DrillDown drillDown, TimeSource time) {
        this.reports = reports;
        this.runner = runner;
        this.values = values;
        this.drillDown = drillDown;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/reports/:id/values", Access.VIEW, this::values);
        table.blocking(HttpMethod.GET, "/api/v1/reports/:id/behind", Access.VIEW, this::behind);
    }

    private Reply values(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        Reach reach = Reach.of(call.requiredCredential());
        call.queryParameter("property").ifPresent(property -> reach.requireFilter(report, property, "property"));
        return values.reply(call, reach.lockedFilter());
    }

    private Reply behind(Call call) {
        Report report = reports.find(call.tenant(), ReportRoutes.id(call));
        Reach reach = Reach.of(call.requiredCredential());
        Controls.DrillDown wanted = wanted(call);
        Controls.DrillDown allowed = reach.drillDown(report);
        if (wanted.compareTo(allowed) > 0) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN, "this report does not show the " + wanted.wireName() + " behind it", "show");
        }
        ReportReading reading = runner.reading(report, Overrides.of(call), reach);
        Instant now = time.instant();
        Question question = runner.question(reading, ReportExportRoutes.widget(report, call), now);
        JsonNode at = at(call);
        ObjectNode answer = wanted == Controls.DrillDown.PEOPLE
                ? drillDown.people(call.tenant(), question, at, now, call)
                : drillDown.events(call.tenant(), question, at, allowed == Controls.DrillDown.PEOPLE, now, call);
        return Reply.json(200, answer).withHeader("Cache-Control", "private, no-store");
    }

    private static Controls.DrillDown wanted(Call call) {
        return switch (call.queryParameter("show").orElse("")) {
            case "events" -> Controls.DrillDown.EVENTS;
            case "people" -> Controls.DrillDown.PEOPLE;
            default -> throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be events or people", "show");
        };
    }

    /** Which number of the widget's answer. */
    private static JsonNode at(Call call) {
        String text = call.query().get("at");
        if (text == null || text.length() > MAX_SPOT) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must name a number of the answer, as a JSON object", "at");
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "is not valid JSON: " + e.getOriginalMessage(), "at");
        }
    }
}
