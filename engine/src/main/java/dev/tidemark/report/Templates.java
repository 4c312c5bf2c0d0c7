package dev.tidemark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The templates that come with the server, each a file beside this class. Immutable. */
final class Templates {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> IDS =
            List.of("web-traffic", "product-engagement", "content-streaming", "commerce", "empty");

    private final List<Template> all;

    private Templates(List<Template> all) {
        this.all = all;
    }

    /** Reads all of them; a file that is missing or not of this form fails, which is an error of the build. */
    static Templates bundled() {
        return new Templates(IDS.stream().map(id -> template(id, file(id))).toList());
    }

    List<Template> all() {
        return all;
    }

    Template find(String id) {
        return all.stream()
                .filter(template -> template.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.NOT_FOUND, "there is no such template; there are " + String.join(", ", IDS)));
    }

    private static Template template(String id, JsonNode file) {
        List<Template.NeededEvent> events = new ArrayList<>();
        for (JsonNode event : file.get("events")) {
            List<Template.NeededProperty> properties = new ArrayList<>();
            for (JsonNode property : event.get("properties")) {
                properties.add(new Template.NeededProperty(
                        property.get("property").textValue(),
                        property.get("description").textValue()));
            }
            events.add(new Template.NeededEvent(
                    event.get("event").textValue(), event.get("description").textValue(), properties));
        }
        List<ObjectNode> widgets = new ArrayList<>();
        for (JsonNode widget : file.get("widgets")) {
            widgets.add((ObjectNode) widget);
        }
        return new Template(
                id, file.get("name").textValue(), file.get("description").textValue(), events, widgets);
    }

    private static JsonNode file(String id) {
        try (InputStream in = Templates.class.getResourceAsStream("templates/" + id + ".json")) {
            if (in == null) {
                throw new TidemarkException(ErrorCode.INTERNAL, "the template " + id + " is missing");
            }
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the template " + id + " cannot be read", e);
        }
    }
}
