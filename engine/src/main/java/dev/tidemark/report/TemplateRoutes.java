package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Templates, what they need of the events that the tenant sends, and reports made from them. */
public final class TemplateRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/templates";
    private static final List<String> MEMBERS = List.of("name", "events", "properties");

    private final Templates templates = Templates.bundled();
    private final Reports reports;
    private final KnownEvents known;

    public TemplateRoutes(Reports reports, KnownEvents known) {
        this.reports = reports;
        this.known = known;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.needs(Permission.REPORTS_EDIT), this::list);
        table.blocking(HttpMethod.POST, ALL + "/:id/reports", Access.needs(Permission.REPORTS_EDIT), this::create);
    }

    private Reply list(Call call) {
        List<String> types = templates.all().stream()
                .flatMap(template -> template.eventTypes().stream())
                .distinct()
                .toList();
        Map<String, Set<String>> sent = known.among(call.tenant(), types);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode array = answer.putArray("templates");
        templates.all().forEach(template -> array.add(json(template, sent)));
        return Reply.json(200, answer);
    }

    private Reply create(Call call) {
        Template template = templates.find(call.pathParameter("id"));
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", MEMBERS);
        TemplateMapping mapping = TemplateMapping.read(body, template);
        ObjectNode definition = JSON.createObjectNode();
        definition.put("report_name", name(body, template));
        ArrayNode widgets = definition.putArray("widgets");
        template.widgets().forEach(widget -> widgets.add(mapping.applied(widget)));
        return ReportRoutes.created(reports.create(call.tenant(), definition));
    }

    private static String name(JsonNode body, Template template) {
        if (!body.hasNonNull("name")) {
            return template.name();
        }
        JsonNode name = body.get("name");
        if (!name.isTextual() || name.textValue().isBlank() || name.textValue().length() > Report.MAX_NAME_LENGTH) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "must be a text of 1 to " + Report.MAX_NAME_LENGTH + " characters",
                    "name");
        }
        return name.textValue();
    }

    private static ObjectNode json(Template template, Map<String, Set<String>> sent) {
        ObjectNode node = JSON.createObjectNode()
                .put("id", template.id())
                .put("name", template.name())
                .put("description", template.description());
        boolean ready = true;
        ArrayNode events = node.putArray("events");
        for (Template.NeededEvent event : template.events()) {
            Set<String> paths = sent.get(event.eventType());
            ready &= paths != null;
            ArrayNode properties = events.addObject()
                    .put("event", event.eventType())
                    .put("description", event.description())
                    .put("exists", paths != null)
                    .putArray("properties");
            for (Template.NeededProperty property : event.properties()) {
                boolean exists = paths != null && paths.contains(property.path());
                ready &= exists;
                properties
                        .addObject()
                        .put("property", property.path())
                        .put("description", property.description())
                        .put("exists", exists);
            }
        }
        node.put("ready", ready);
        ArrayNode widgets = node.putArray("widgets");
        for (ObjectNode widget : template.widgets()) {
            ObjectNode shown = widgets.addObject();
            for (String member : List.of("type", "title", "display", "layout")) {
                shown.set(member, widget.get(member));
            }
        }
        return node;
    }
}
