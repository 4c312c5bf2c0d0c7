package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Call;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads definitions of reports and widgets, checking everything; a failure names the field. Thread-safe. */
final class ReportReader {
    static final List<String> REPORT_MEMBERS = List.of("report_name", "widgets", "version", "controls");
    private static final List<String> WIDGET_MEMBERS =
            List.of("widget_id", "type", "title", "question", "display", "layout");
    private static final int MAX_QUESTION_CHARACTERS = 32_768;
    private static final int MAX_ROWS = 10_000;
    private static final int DEFAULT_HEIGHT = 4;

    private final UuidV7 ids;

    ReportReader(UuidV7 ids) {
        this.ids = ids;
    }

    /** What a definition says, with nothing left to check. */
    record Draft(String name, List<Widget> widgets, Controls controls) {}

    /**
     * Reads a whole report.
     *
     * @param existing the widgets that the report has; ids that are given must be theirs
     * @param before what viewers may choose where the definition does not say
     */
    Draft report(JsonNode node, List<Widget> existing, Controls before, QuestionContext context) {
        Call.onlyKnownFields(node, "", REPORT_MEMBERS);
        String name = text(node.path("report_name"), "report_name");
        if (name.isBlank()) {
            throw invalid("a report needs a name", "report_name");
        }
        JsonNode given = node.path("widgets");
        if (!given.isMissingNode() && !given.isArray()) {
            throw invalid("widgets must be a list", "widgets");
        }
        if (given.size() > Report.MAX_WIDGETS) {
            throw invalid("a report has at most " + Report.MAX_WIDGETS + " widgets", "widgets");
        }
        List<Widget> widgets = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < given.size(); index++) {
            String at = "widgets[" + index + "]";
            Widget widget = widget(given.get(index), at, existing, widgets, context);
            if (!seen.add(widget.id())) {
                throw invalid("another widget has this id too", at + ".widget_id");
            }
            widgets.add(widget);
        }
        Controls controls = node.hasNonNull("controls") ? Controls.read(node.get("controls"), "controls") : before;
        return new Draft(name, widgets, controls);
    }

    /**
     * Reads one widget.
     *
     * @param before the widgets that stand before it, below which it is placed when it names no layout
     */
    Widget widget(JsonNode node, String at, List<Widget> existing, List<Widget> before, QuestionContext context) {
        if (!node.isObject()) {
            throw invalid("a widget is an object", at);
        }
        Call.onlyKnownFields(node, at, WIDGET_MEMBERS);
        Widget.Type type = type(node.path("type"), field(at, "type"));
        return new Widget(
                id(node.path("widget_id"), field(at, "widget_id"), existing),
                type,
                text(node.path("title"), field(at, "title")),
                question(node.path("question"), type, field(at, "question"), context),
                display(node.path("display"), type, field(at, "display")),
                layout(node.path("layout"), field(at, "layout"), before));
    }

    private String id(JsonNode node, String at, List<Widget> existing) {
        if (node.isMissingNode() || node.isNull()) {
            return ids.next().toString();
        }
        return existing.stream()
                .map(Widget::id)
                .filter(id -> id.equals(node.asText()))
                .findFirst()
                .orElseThrow(() -> invalid("the report has no widget of this id; leave it out for a new widget", at));
    }

    private static Widget.Type type(JsonNode node, String at) {
        for (Widget.Type type : Widget.Type.values()) {
            if (type.wireName().equals(node.asText())) {
                return type;
            }
        }
        throw invalid(
                "type must be one of "
                        + Arrays.stream(Widget.Type.values())
                                .map(Widget.Type::wireName)
                                .collect(Collectors.joining(", ")),
                at);
    }

    private static Widget.Display display(JsonNode node, Widget.Type type, String at) {
        if (node.isMissingNode() || node.isNull()) {
            return type.displays().getFirst();
        }
        for (Widget.Display display : type.displays()) {
            if (display.wireName().equals(node.asText())) {
                return display;
            }
        }
        List<String> known =
                type.displays().stream().map(Widget.Display::wireName).toList();
        throw invalid("a " + type.wireName() + " can be shown as " + String.join(", ", known), at);
    }

    private static ObjectNode question(JsonNode node, Widget.Type type, String at, QuestionContext context) {
        if (!(node instanceof ObjectNode object)) {
            throw invalid("question must be an object", at);
        }
        if (object.toString().length() > MAX_QUESTION_CHARACTERS) {
            throw invalid("a question has at most " + MAX_QUESTION_CHARACTERS + " characters", at);
        }
        ObjectNode question = object.deepCopy();
        if (!question.has("type")) {
            question.put("type", type.wireName());
        } else if (!question.get("type").asText().equals(type.wireName())) {
            throw invalid("the question's type must be that of the widget", at + ".type");
        }
        try {
            QuestionReader.read(question, context);
        } catch (TidemarkException e) {
            throw new TidemarkException(
                    e.code(),
                    e.detail(),
                    e.field().map(inner -> at + "." + inner).orElse(at));
        }
        return question;
    }

    private static Widget.Layout layout(JsonNode node, String at, List<Widget> before) {
        if (node.isMissingNode() || node.isNull()) {
            int bottom = before.stream()
                    .mapToInt(widget -> widget.layout().y() + widget.layout().h())
                    .max()
                    .orElse(0);
            return new Widget.Layout(0, Math.min(bottom, MAX_ROWS), Widget.Layout.COLUMNS, DEFAULT_HEIGHT);
        }
        if (!node.isObject()) {
            throw invalid("layout must be an object with x, y, w and h", at);
        }
        Call.onlyKnownFields(node, at, List.of("x", "y", "w", "h"));
        int x = whole(node, "x", at, 0, Widget.Layout.COLUMNS - 1);
        int w = whole(node, "w", at, 1, Widget.Layout.COLUMNS);
        if (x + w > Widget.Layout.COLUMNS) {
            throw invalid("x + w must be at most " + Widget.Layout.COLUMNS, at + ".w");
        }
        return new Widget.Layout(x, whole(node, "y", at, 0, MAX_ROWS), w, whole(node, "h", at, 1, 100));
    }

    private static int whole(JsonNode layout, String name, String at, int least, int most) {
        JsonNode node = layout.path(name);
        if (!node.isInt() || node.intValue() < least || node.intValue() > most) {
            throw invalid(name + " must be a whole number from " + least + " to " + most, at + "." + name);
        }
        return node.intValue();
    }

    private static String text(JsonNode node, String at) {
        if (!node.isMissingNode() && !node.isTextual()) {
            throw invalid("must be a text", at);
        }
        String text = node.asText("");
        if (text.length() > Report.MAX_NAME_LENGTH) {
            throw invalid("must have at most " + Report.MAX_NAME_LENGTH + " characters", at);
        }
        return text;
    }

    private static String field(String at, String name) {
        return at.isEmpty() ? name : at + "." + name;
    }

    private static TidemarkException invalid(String message, @Nullable String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
