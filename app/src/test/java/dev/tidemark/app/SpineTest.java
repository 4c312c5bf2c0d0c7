package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server and its engine, from outside: what goes in over HTTP comes out in a report, whatever is killed meanwhile. */
@Timeout(300)
final class SpineTest {
    private static final String REPORT = """
            {"report_name":"Sales","widgets":[{"type":"metric","title":"Orders","display":"number",
             "layout":{"x":0,"y":0,"w":4,"h":2},
             "question":{"type":"metric","measures":[{"name":"orders","measure":"events","event":"order"}],
              "range":{"last":"1d"}}}]}""";

    @TempDir
    Path directory;

    @Test
    void anEventIsInTheReportSoonAfterItsAnswer() throws Exception {
        try (TestedServer server = start()) {
            String report = createReport(server);
            assertThat(value(server, report)).isZero();

            TestedServer.Answer answer = server.post("/api/v1/events", "{\"event_type\":\"order\"}");

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.json().path("status").asText()).isEqualTo("accepted");
            TestedServer.await("the event is in the report", () -> value(server, report) == 1);
        }
    }

    @Test
    void aRestartKeepsEverything() throws Exception {
        String report;
        try (TestedServer server = start()) {
            report = createReport(server);
            send(server, 250);
            assertThat(server.terminate()).isLessThan(Duration.ofSeconds(15));
        }
        try (TestedServer server = start()) {
            TestedServer.await("every event is there", () -> server.count("order") == 250);
            assertThat(value(server, report)).isEqualTo(250);
        }
    }

    @Test
    void aServerKilledAfterItsAnswerHasLostNothing() throws Exception {
        try (TestedServer server = start()) {
            send(server, 400);
            ProcessHandle engine = server.engine();
            server.handle().destroyForcibly();
            TestedServer.await("the engine ends with its server", () -> !engine.isAlive());
        }
        try (TestedServer server = start()) {
            TestedServer.await("every event is there", () -> server.count("order") >= 400);
            assertThat(server.count("order")).isEqualTo(400);
        }
    }

    @Test
    void aKilledEngineIsReplacedAndNothingIsLost() throws Exception {
        try (TestedServer server = start()) {
            String report = createReport(server);
            send(server, 100);
            TestedServer.await("the report counts", () -> value(server, report) == 100);
            ProcessHandle first = server.engine();

            first.destroyForcibly();
            send(server, 100);

            TestedServer.await("the engine is back and has all", () -> value(server, report) == 200);
            assertThat(server.engine().pid()).isNotEqualTo(first.pid());
            assertThat(server.metrics()).contains("tidemark_engine_restarts_total 1.0");
        }
    }

    @Test
    void whileTheEngineHangsEventsAreAcceptedAndReadinessSaysWhy() throws Exception {
        try (TestedServer server = start()) {
            String report = createReport(server);
            send(server, 10);
            TestedServer.await("the report counts", () -> value(server, report) == 10);
            signal(server.engine(), "STOP");
            try {
                TestedServer.Answer notReady = server.awaitAnswer("/health/ready", answer -> answer.status() == 503);
                send(server, 10);

                assertThat(notReady.json()
                                .path("parts")
                                .path("engine")
                                .path("status")
                                .asText())
                        .isEqualTo("not_ready");
                assertThat(notReady.json()
                                .path("parts")
                                .path("journal")
                                .path("status")
                                .asText())
                        .isEqualTo("ready");
                assertThat(server.get("/health/live").status()).isEqualTo(200);
            } finally {
                signal(server.engine(), "CONT");
            }
            TestedServer.await("everything catches up", () -> server.count("order") == 20);
        }
    }

    @Test
    void whileTheEngineHangsAReportIsOldAndSaysSo() throws Exception {
        Path config = Files.writeString(directory.resolve("tidemark.yaml"), "cache: {open-lifetime: 1ms}");
        try (TestedServer server =
                TestedServer.start(directory.resolve("data"), "--no-demo", "--config", config.toString())) {
            String report = createReport(server);
            String path = "/api/v1/reports/" + report;
            send(server, 10);
            TestedServer.await("the report counts", () -> value(server, report) == 10);
            assertThat(server.getJson(path).path("stale").asBoolean(true)).isFalse();
            ProcessHandle hung = server.engine();
            signal(hung, "STOP");
            try {
                server.awaitAnswer(path, answer -> answer.json().path("stale").asBoolean());
                assertThat(value(server, report)).isEqualTo(10);
                send(server, 5);
            } finally {
                hung.destroyForcibly();
            }
            TestedServer.await("the report is fresh", () -> value(server, report) == 15);
            assertThat(server.getJson(path).path("stale").asBoolean(true)).isFalse();
        }
    }

    @Test
    void sigtermLeavesNoProcessAndNoRunFile() throws Exception {
        Path data = directory.resolve("data");
        try (TestedServer server = start()) {
            send(server, 50);
            List<ProcessHandle> all = server.handle().descendants().toList();
            assertThat(all).isNotEmpty();

            assertThat(server.terminate()).isLessThan(Duration.ofSeconds(15));

            TestedServer.await("every child is gone", () -> all.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(data.resolve("run/server.json")).doesNotExist();
        }
    }

    @Test
    void keysAreKeptWhereOnlyTheirOwnerReads() throws Exception {
        Path data = directory.resolve("data");
        String writeKey;
        try (TestedServer server = start()) {
            writeKey = server.writeKey();
            for (String file : List.of("credentials.json", "run/server.json")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                        .isEqualTo("rw-------");
            }
            assertThat(Files.readString(data.resolve("logs/tidemark.log")))
                    .doesNotContain(server.secretKey())
                    .doesNotContain(writeKey);
        }
        try (TestedServer server = start()) {
            assertThat(server.writeKey()).isEqualTo(writeKey);
            assertThat(server.post("/api/v1/events?key=" + writeKey, "{\"event_type\":\"order\"}")
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void whatKeepsItFromStartingIsSaidInOneLine() throws Exception {
        try (TestedServer server = start()) {
            String sameData = TestedServer.failingStart(directory.resolve("data"), "--no-demo");
            String samePort = TestedServer.failingStart(
                    directory.resolve("other"),
                    "--no-demo",
                    "--port",
                    Integer.toString(server.url().getPort()));

            assertThat(sameData)
                    .startsWith("1: tidemark: the data directory")
                    .contains("in use")
                    .contains(Long.toString(server.handle().pid()))
                    .hasLineCount(1);
            assertThat(samePort)
                    .startsWith("1: tidemark: cannot listen on")
                    .contains(Integer.toString(server.url().getPort()))
                    .hasLineCount(1);
        }
        Path config = Files.writeString(directory.resolve("tidemark.yaml"), "engine: {library: /nowhere/libchdb.so}");
        assertThat(TestedServer.failingStart(directory.resolve("third"), "--no-demo", "--config", config.toString()))
                .startsWith("1: tidemark: ")
                .contains("/nowhere/libchdb.so")
                .hasLineCount(1);
    }

    @Test
    void theSpinesNumbersAreAmongTheMetrics() throws Exception {
        try (TestedServer server = start()) {
            send(server, 5);
            server.post("/api/v1/events", "{\"event_type\":\"order\",\"event_id\":\"same\"}");
            server.post("/api/v1/events", "{\"event_type\":\"order\",\"event_id\":\"same\"}");
            server.post("/api/v1/events", "{\"event_type\":7}");
            TestedServer.await("the events are stored", () -> server.count("order") == 6);

            String metrics = server.metrics();

            assertThat(metrics)
                    .containsPattern("tidemark_events_accepted_total\\S* [7-9]")
                    .contains("tidemark_events_rejected_total")
                    .contains("tidemark_events_duplicate_total")
                    .contains("tidemark_events_processed_total")
                    .contains("tidemark_events_stored_total")
                    .contains("tidemark_dead_letters")
                    .contains("tidemark_journal_lag_events")
                    .contains("tidemark_journal_lag_seconds")
                    .contains("tidemark_engine_restarts_total")
                    .contains("tidemark_events_ack_seconds_bucket")
                    .contains("tidemark_store_query_seconds")
                    .contains("tidemark_store_insert_seconds");
        }
    }

    private TestedServer start() throws IOException, InterruptedException {
        return TestedServer.start(directory.resolve("data"), "--no-demo");
    }

    private static String createReport(TestedServer server) throws IOException, InterruptedException {
        TestedServer.Answer answer = server.post("/api/v1/reports", REPORT);
        assertThat(answer.status()).isEqualTo(201);
        return answer.json().path("report_id").asText();
    }

    private static long value(TestedServer server, String report) throws IOException, InterruptedException {
        JsonNode widget =
                server.getJson("/api/v1/reports/" + report).path("widgets").path(0);
        return widget.path("data").path("value").asLong();
    }

    private static final AtomicLong NUMBER = new AtomicLong();

    private static void send(TestedServer server, int events) throws IOException, InterruptedException {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < events; i++) {
            batch.append(batch.isEmpty() ? "" : ",")
                    .append("{\"event_type\":\"order\",\"event_id\":\"order-")
                    .append(NUMBER.incrementAndGet())
                    .append("\"}");
        }
        TestedServer.Answer answer = server.post("/api/v1/events", "{\"batch\":[" + batch + "]}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(events);
    }

    private static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
