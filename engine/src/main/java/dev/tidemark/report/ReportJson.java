package dev.tidemark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON form of reports that were defined, for answers and for the store. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    /** A report without its widgets. */
    static ObjectNode head(Report report) {
        return JSON.createObjectNode()
                .put("report_id", report.id().value())
                .put("report_name", report.name())
                .put("version", report.version())
                .put("created_at", report.createdAt().toString())
                .put("updated_at", report.updatedAt().toString());
    }

    static ObjectNode definition(Report report) {
        ObjectNode node = head(report);
        node.set("controls", report.controls().toJson());
        node.set("widgets", widgets(report.widgets()));
        return node;
    }

    static ArrayNode widgets(List<Widget> widgets) {
        ArrayNode array = JSON.createArrayNode();
        widgets.forEach(widget -> array.add(widget(widget)));
        return array;
    }

    static ObjectNode widget(Widget widget) {
        ObjectNode node = widgetHead(widget);
        node.set("question", widget.question());
        return node;
    }

    /** A widget without its question. */
    static ObjectNode widgetHead(Widget widget) {
        ObjectNode node = JSON.createObjectNode()
                .put("widget_id", widget.id())
                .put("type", widget.type().wireName())
                .put("title", widget.title())
                .put("display", widget.display().wireName());
        node.putObject("layout")
                .put("x", widget.layout().x())
                .put("y", widget.layout().y())
                .put("w", widget.layout().w())
                .put("h", widget.layout().h());
        return node;
    }

    /** Widgets from the store, which were checked when they went there. */
    static List<Widget> storedWidgets(String text) {
        try {
            List<Widget> widgets = new ArrayList<>();
            for (JsonNode node : JSON.readTree(text)) {
                JsonNode layout = node.get("layout");
                widgets.add(new Widget(
                        node.get("widget_id").textValue(),
                        Widget.Type.valueOf(upper(node.get("type"))),
                        node.get("title").textValue(),
                        (ObjectNode) node.get("question"),
                        Widget.Display.valueOf(upper(node.get("display"))),
                        new Widget.Layout(
                                layout.get("x").intValue(),
                                layout.get("y").intValue(),
                                layout.get("w").intValue(),
                                layout.get("h").intValue())));
            }
            return widgets;
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored report is not JSON", e);
        }
    }

    /** Controls from the store; those of a report that never had any allow nothing. */
    static Controls storedControls(@Nullable String text) {
        try {
            return text == null ? Controls.NONE : Controls.read(JSON.readTree(text), "controls");
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored report is not JSON", e);
        }
    }

    private static String upper(JsonNode text) {
        return text.textValue().toUpperCase(Locale.ROOT);
    }
}
