package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesTest {
    @TempDir
    Path directory;

    private ServerFixture server;
    private String secret;

    @BeforeEach
    void open() {
        server = new ServerFixture(directory);
        secret = server.key(ServerFixture.ACME, AccessKey.Kind.SECRET);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void eachMakesAFinishedReport() {
        for (Template template : Templates.bundled().all()) {
            HttpResponse<String> response = post(template.id(), "{}");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            JsonNode report = ServerFixture.json(response);
            assertThat(report.get("report_name").asText()).isEqualTo(template.name());
            assertThat(report.get("widgets")).hasSameSizeAs(template.widgets());
            assertThat(response.headers().firstValue("Location"))
                    .hasValue("/api/v1/reports/" + report.get("report_id").asText());
            assertThat(response.headers().firstValue("ETag")).hasValue("\"1\"");
            assertThat(server.reports.find(
                            ServerFixture.ACME,
                            new ReportId(report.get("report_id").asText())))
                    .isNotNull();
        }
        assertThat(server.reports.list(ServerFixture.OTHER)).isEmpty();
    }

    @Test
    void widgetsFillTheGridWithoutOverlapOrHole() {
        for (Template template : Templates.bundled().all()) {
            Set<String> cells = new TreeSet<>();
            int bottom = 0;
            for (ObjectNode widget : template.widgets()) {
                JsonNode layout = widget.get("layout");
                for (int x = 0; x < layout.get("w").asInt(); x++) {
                    for (int y = 0; y < layout.get("h").asInt(); y++) {
                        String cell = (layout.get("x").asInt() + x) + "/"
                                + (layout.get("y").asInt() + y);
                        assertThat(cells.add(cell))
                                .as("%s: %s twice", template.id(), cell)
                                .isTrue();
                    }
                }
                bottom = Math.max(
                        bottom, layout.get("y").asInt() + layout.get("h").asInt());
            }
            assertThat(cells).as(template.id()).hasSize(bottom * Widget.Layout.COLUMNS);
        }
    }

    @Test
    void saysWhichEventsItNeedsAndNoOthers() {
        for (Template template : Templates.bundled().all()) {
            Set<String> events = new TreeSet<>();
            Set<String> properties = new TreeSet<>();
            template.widgets().forEach(widget -> collect(widget, events, properties));
            assertThat(template.eventTypes()).as(template.id()).isEqualTo(events);
            properties.removeIf(path -> !path.startsWith("properties."));
            Set<String> sent = new TreeSet<>(template.properties());
            sent.removeIf(path -> !path.startsWith("properties."));
            assertThat(sent).as(template.id()).isEqualTo(properties);
        }
    }

    @Test
    void tellsATenantWhatIsThereAlready() {
        server.known.put(
                ServerFixture.ACME,
                Map.of("page_view", Set.of("page_path", "country"), "purchase", Set.of("properties.total")));
        server.known.put(ServerFixture.OTHER, Map.of("product_view", Set.of("properties.product")));
        JsonNode templates =
                ServerFixture.json(server.get("/api/v1/templates", secret)).get("templates");
        assertThat(templates.findValuesAsText("id"))
                .containsExactly("web-traffic", "product-engagement", "content-streaming", "commerce", "empty");
        assertThat(templates.findValuesAsText("ready")).containsExactly("true", "false", "false", "false", "true");
        JsonNode purchase = templates.get(3).get("events").get(3);
        assertThat(purchase.get("event").asText()).isEqualTo("purchase");
        assertThat(purchase.get("exists").asBoolean()).isTrue();
        assertThat(purchase.at("/properties/0/property").asText()).isEqualTo("properties.amount");
        assertThat(purchase.at("/properties/0/exists").asBoolean()).isFalse();
        assertThat(templates.get(3).at("/events/0/exists").asBoolean())
                .as("only the other tenant sends it")
                .isFalse();
        assertThat(templates.get(3).at("/widgets/0/title").asText()).isEqualTo("Revenue, 30 days");
    }

    @Test
    void speaksTheTenantsOwnWords() {
        JsonNode report = ServerFixture.json(post("commerce", """
                {"name":"Shop","events":{"purchase":["Order Completed","Abo '; DROP"],"product_view":"Product Viewed"},
                 "properties":{"properties.amount":"properties.total","properties.product":"properties.name"}}"""));
        assertThat(report.get("report_name").asText()).isEqualTo("Shop");
        Set<String> events = new TreeSet<>();
        Set<String> properties = new TreeSet<>();
        report.get("widgets").forEach(widget -> collect(widget, events, properties));
        assertThat(events)
                .containsExactlyInAnyOrder(
                        "Order Completed", "Abo '; DROP", "Product Viewed", "add_to_cart", "checkout_start");
        assertThat(properties).contains("properties.total", "properties.name").doesNotContain("properties.amount");
        assertThat(report.at("/widgets/0/question/measures/0/event")).hasSize(2);
        assertThat(ServerFixture.json(post("commerce", "{}")).toString())
                .as("the template is as before")
                .contains("properties.amount")
                .doesNotContain("Order Completed");
    }

    @Test
    void refusesWhatItDoesNotUnderstandByName() {
        refused("commerce", "{\"events\":{\"sale\":\"x\"}}", "events.sale");
        refused("commerce", "{\"events\":{\"purchase\":7}}", "events.purchase");
        refused("commerce", "{\"events\":{\"purchase\":[]}}", "events.purchase");
        refused("commerce", "{\"events\":{\"purchase\":[\"a\",\" \"]}}", "events.purchase[1]");
        refused("commerce", "{\"events\":[]}", "events");
        refused("commerce", "{\"properties\":{\"properties.amount\":\"total\"}}", "properties.properties.amount");
        refused("empty", "{\"events\":{\"purchase\":\"x\"}}", "events.purchase");
        refused("commerce", "{\"name\":\" \"}", "name");
        refused("commerce", "{\"name\":3}", "name");
        refused("commerce", "{\"report_name\":\"x\"}", "report_name");
        assertThat(post("nothing", "{}").statusCode()).isEqualTo(404);
        assertThat(server.reports.list(ServerFixture.ACME)).isEmpty();
    }

    private void refused(String template, String body, String field) {
        HttpResponse<String> response = post(template, body);
        assertThat(response.statusCode()).as(body).isEqualTo(400);
        assertThat(ServerFixture.json(response).toString()).as(body).contains("\"" + field + "\"");
    }

    private HttpResponse<String> post(String template, String body) {
        return server.send(
                "POST", "/api/v1/templates/" + template + "/reports", body, "Authorization", "Bearer " + secret);
    }

    private static void collect(JsonNode node, Set<String> events, Set<String> properties) {
        node.properties().forEach(member -> {
            List<String> texts = new ArrayList<>();
            member.getValue().forEach(element -> texts.add(element.asText()));
            if (member.getValue().isTextual()) {
                texts.add(member.getValue().textValue());
            }
            switch (member.getKey()) {
                case "event", "conversion" -> events.addAll(texts);
                case "property", "breakdowns" -> properties.addAll(texts);
                default -> collect(member.getValue(), events, properties);
            }
        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, events, properties));
        }
    }
}
