package dev.tidemark.app.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends a server events and has it answer the reports of every template, again and again, over its public API. The virtual machine that it
 * runs in can note which classes and methods that takes, so that a later one has them from its start. Not thread-safe; blocks.
 */
public final class Rehearsal {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int EVENTS_AT_A_TIME = 50;
    private static final int PEOPLE = 200;
    private static final List<String> COUNTRIES = List.of("DE", "NP", "BR", "US");

    private final ApiClient server;
    private final TimeSource time;
    private final RandomGenerator random;
    private final List<String> eventTypes = new ArrayList<>();

    /** Of a server that nobody else uses; its tenant gets reports and events. */
    public Rehearsal(ApiClient server, TimeSource time, RandomGenerator random) {
        this.server = server;
        this.time = time;
        this.random = random;
    }

    /**
     * What was done.
     *
     * @param events that were sent and accepted
     * @param answers of reports and questions, each computed anew
     */
    public record Played(long events, long answers) {}

    /** Goes on for as long, and ends with the round that is under way then. Fails when anything is refused. */
    public Played play(Duration length) throws InterruptedException {
        long end = time.nanos() + length.toNanos();
        List<String> reports = reports();
        long events = 0;
        long answers = 0;
        do {
            for (String report : reports) {
                events += send();
                forgetAnswers();
                server.get("/api/v1/reports/" + report);
                succeeded(server.post("/api/v1/query", trend(), false));
                answers += 2;
            }
        } while (time.nanos() < end);
        return new Played(events, answers);
    }

    private List<String> reports() throws InterruptedException {
        List<String> reports = new ArrayList<>();
        for (JsonNode template : server.get("/api/v1/templates").path("templates")) {
            template.path("events")
                    .forEach(event -> eventTypes.add(event.path("event").textValue()));
            String path = "/api/v1/templates/" + template.path("id").textValue() + "/reports";
            reports.add(succeeded(server.post(path, JSON.objectNode(), false))
                    .path("report_id")
                    .textValue());
        }
        return reports;
    }

    private long send() throws InterruptedException {
        ArrayNode events = JSON.arrayNode();
        for (int event = 0; event < EVENTS_AT_A_TIME; event++) {
            events.add(event());
        }
        ApiClient.Answer answer =
                server.post("/api/v1/events", JSON.objectNode().set("batch", events), false);
        return succeeded(answer).path("accepted").longValue();
    }

    private ObjectNode event() {
        ObjectNode event = JSON.objectNode()
                .put("event_type", eventTypes.get(random.nextInt(eventTypes.size())))
                .put("user_id", "person-" + random.nextInt(PEOPLE))
                .put(
                        "timestamp",
                        time.instant().minusSeconds(random.nextInt(3_600)).toString());
        event.putObject("properties")
                .put("page_path", "/" + random.nextInt(20))
                .put("amount", random.nextInt(1, 10_000) / 100.0)
                .put("country", COUNTRIES.get(random.nextInt(COUNTRIES.size())));
        return event;
    }

    private void forgetAnswers() throws InterruptedException {
        succeeded(server.post("/api/v1/cache/invalidate", JSON.objectNode(), false));
    }

    private static ObjectNode trend() {
        ObjectNode question = JSON.objectNode().put("type", "trend").put("interval", "day");
        question.putArray("measures").addObject().put("name", "n").put("measure", "events");
        question.putObject("range").put("last", "30d");
        return question;
    }

    private static JsonNode succeeded(ApiClient.Answer answer) {
        if (answer.status() >= 300) {
            throw ApiClient.refused(answer);
        }
        return answer.body();
    }
}
