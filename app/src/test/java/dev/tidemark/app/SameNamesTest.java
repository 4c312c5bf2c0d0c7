package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.http.RouteTable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tenants in which everything has the same name: reports, widgets, cohorts, event types, ids of events and of persons. Whatever is
 * kept under such a name, each is shown its own, and what one removes stays with the other.
 */
@Timeout(300)
final class SameNamesTest {
    private static final int EVENTS_OF_ACME = 3;
    private static final int EVENTS_OF_GLOBEX = 5;
    private static final String RANGE = "\"range\":{\"last\":\"7d\"}";
    private static final String COUNT = "\"measures\":[{\"name\":\"n\",\"measure\":\"events\",\"event\":\"buy\"}],";
    private static final List<String> QUESTIONS = List.of(
            "{\"type\":\"metric\"," + COUNT + RANGE + "}",
            "{\"type\":\"trend\",\"interval\":\"day\",\"breakdown\":{\"property\":\"properties.plan\"}," + COUNT + RANGE
                    + "}",
            "{\"type\":\"trend\",\"interval\":\"hour\"," + COUNT + RANGE + "}",
            "{\"type\":\"table\",\"breakdowns\":[\"properties.plan\"]," + COUNT + RANGE + "}",
            "{\"type\":\"funnel\",\"steps\":[{\"event\":\"buy\"},{\"event\":\"buy\"}]," + RANGE + "}",
            "{\"type\":\"retention\",\"start\":{\"event\":\"buy\"},\"return\":{\"event\":\"buy\"},\"period\":\"day\",\"periods\":3,"
                    + RANGE + "}",
            "{\"type\":\"stickiness\",\"event\":\"buy\",\"period\":\"day\"," + RANGE + "}",
            "{\"type\":\"paths\",\"steps\":2,\"anchor\":{\"event\":\"buy\"}," + RANGE + "}");

    @TempDir
    Path directory;

    @Test
    void whoHasEverythingUnderTheSameNamesStillSeesAndLosesOnlyTheirOwn() throws Exception {
        AccessWorld.Things acme;
        AccessWorld.Things globex;
        try (AccessWorld world = new AccessWorld(directory)) {
            acme = world.of(AccessWorld.ACME);
            globex = world.of(AccessWorld.GLOBEX);
        }
        AccessWorld.Things twin = renamed(globex, acme);
        try (AccessWorld world = new AccessWorld(directory, List.of(acme, twin))) {
            send(world, acme, EVENTS_OF_ACME);
            send(world, twin, EVENTS_OF_GLOBEX);
            await(world, acme, EVENTS_OF_ACME);
            await(world, twin, EVENTS_OF_GLOBEX);

            everyQuestionIsAnsweredFromOnesOwn(world, acme, twin);
            everyRouteShowsOnesOwn(world, acme, twin);
            everyStreamShowsOnesOwn(world, acme, twin);
            whatOneRemovesStaysWithTheOther(world, acme, twin);
        }
    }

    private static void everyQuestionIsAnsweredFromOnesOwn(
            AccessWorld world, AccessWorld.Things acme, AccessWorld.Things twin) throws Exception {
        for (String question : QUESTIONS) {
            Map<String, String> first = new LinkedHashMap<>();
            for (int round = 0; round < 2; round++) {
                for (AccessWorld.Things tenant : List.of(acme, twin)) {
                    String data = world.sent("POST", "/api/v1/query", question, AccessWorld.bearer(tenant.secretKey()))
                            .path("data")
                            .toString();
                    assertThat(data)
                            .as("%s asks %s", tenant.tenant(), question)
                            .doesNotContain(other(tenant, acme, twin).mark());
                    if (question.contains("properties.plan")) {
                        assertThat(data).as(question).contains(tenant.mark());
                    }
                    assertThat(data)
                            .as("%s asks %s again", tenant.tenant(), question)
                            .isEqualTo(first.computeIfAbsent(tenant.tenant(), _ -> data));
                }
            }
            if (question.contains("\"n\"")) {
                assertThat(first.get(acme.tenant())).as(question).isNotEqualTo(first.get(twin.tenant()));
            }
        }
    }

    /** Twice in turns, so that the second time comes from whatever is kept. */
    private static void everyRouteShowsOnesOwn(AccessWorld world, AccessWorld.Things acme, AccessWorld.Things twin)
            throws Exception {
        int shown = 0;
        for (int round = 0; round < 2; round++) {
            for (RouteTable.Entry route : world.server.routes()) {
                if (!route.method().equals("GET")
                        || route.path().endsWith("/ws")
                        || !route.path().startsWith("/api/v1/")
                        || route.access().wireName().equals("server")) {
                    continue;
                }
                for (AccessWorld.Things tenant : List.of(acme, twin)) {
                    AccessWorld.Answer answer =
                            world.send("GET", path(route, tenant), "", AccessWorld.bearer(tenant.secretKey()));
                    assertThat(answer.status())
                            .as("%s for %s: %s", route.path(), tenant.tenant(), answer)
                            .isLessThan(500);
                    assertThat(answer.body())
                            .as("%s for %s", route.path(), tenant.tenant())
                            .doesNotContain(other(tenant, acme, twin).mark());
                    shown += answer.body().contains(tenant.mark()) ? 1 : 0;
                }
            }
        }
        assertThat(shown).as("answers that show something of the tenant").isGreaterThan(2 * 2 * 15);
    }

    private static void everyStreamShowsOnesOwn(AccessWorld world, AccessWorld.Things acme, AccessWorld.Things twin)
            throws Exception {
        for (AccessWorld.Things tenant : List.of(acme, twin, acme, twin)) {
            String path = "/api/v1/reports/" + tenant.report() + "/ws";
            for (String[] credential : List.of(
                    AccessWorld.bearer(tenant.secretKey()),
                    AccessWorld.bearer(
                            world.embedToken(tenant.tenant(), tenant.report(), Duration.ZERO, Duration.ofHours(1))))) {
                assertThat(world.firstMessage(path, credential))
                        .contains("snapshot", tenant.mark())
                        .doesNotContain(other(tenant, acme, twin).mark());
            }
        }
    }

    private static void whatOneRemovesStaysWithTheOther(
            AccessWorld world, AccessWorld.Things acme, AccessWorld.Things twin) throws Exception {
        String report = "/api/v1/reports/" + twin.report();
        String[] embed =
                AccessWorld.bearer(world.embedToken(twin.tenant(), twin.report(), Duration.ZERO, Duration.ofHours(1)));
        String[] removing = AccessWorld.bearer(acme.secretKey());
        assertThat(world.send("GET", report, "", embed).status()).isEqualTo(200);
        String cohort = "/api/v1/cohorts/" + acme.cohort();
        world.sent("POST", report + "/embed-tokens/revoke", "{\"all\":true}", removing);
        world.sent("POST", "/api/v1/cache/invalidate", "{}", removing);
        world.sent("DELETE", report, "", removing);
        world.sent("DELETE", cohort, "", removing);
        JsonNode job = world.sent("DELETE", "/api/v1/users/same-person", "", removing);
        awaitJob(world, acme, job.path("job_id").asText(job.path("id").asText()));

        String[] other = AccessWorld.bearer(twin.secretKey());
        assertThat(count(world, acme)).isZero();
        assertThat(count(world, twin)).isEqualTo(EVENTS_OF_GLOBEX);
        assertThat(world.send("GET", report, "", removing).status()).isEqualTo(404);
        assertThat(world.send("GET", report, "", other).status()).isEqualTo(200);
        assertThat(world.send("GET", report, "", embed).status()).isEqualTo(200);
        assertThat(world.send("GET", cohort, "", other).body()).contains(twin.mark());
        assertThat(world.send("GET", cohort + "/people", "", other).body()).contains(twin.mark());
    }

    /** Gives the things of one tenant the ids of another's, where the server stands still. */
    private AccessWorld.Things renamed(AccessWorld.Things one, AccessWorld.Things like) {
        List<List<String>> names = List.of(
                List.of(one.report(), like.report()),
                List.of(one.otherReport(), like.otherReport()),
                List.of(one.widget(), like.widget()),
                List.of(one.cohort(), like.cohort()));
        try (MetadataDatabase database =
                MetadataDatabase.open(directory.resolve("data").resolve("tidemark.db"))) {
            database.write(handle -> {
                for (List<String> name : names) {
                    for (String column : List.of(
                            "reports.report_id",
                            "reports.widgets",
                            "cohorts.cohort_id",
                            "share_links.report_id",
                            "report_grants.report_id")) {
                        String table = column.substring(0, column.indexOf('.'));
                        String field = column.substring(column.indexOf('.') + 1);
                        handle.createUpdate("UPDATE " + table + " SET " + field + " = REPLACE(" + field
                                        + ", :old, :new) WHERE tenant_id = :tenant")
                                .bind("old", name.get(0))
                                .bind("new", name.get(1))
                                .bind("tenant", one.tenant())
                                .execute();
                    }
                }
                return names.size();
            });
        }
        return new AccessWorld.Things(
                one.tenant(),
                one.mark(),
                one.secretKey(),
                one.writeKey(),
                like.report(),
                like.otherReport(),
                like.widget(),
                like.cohort(),
                one.key(),
                one.issuer(),
                one.invitation(),
                one.share(),
                one.memberId());
    }

    private static void send(AccessWorld world, AccessWorld.Things tenant, int events) throws Exception {
        List<String> batch = new ArrayList<>();
        for (int index = 0; index < events; index++) {
            batch.add("""
                    {"event_type":"buy","event_id":"same-%d","user_id":"same-person","anonymous_id":"same-device",
                     "properties":{"plan":"%s","step":%d}}""".formatted(index, tenant.mark(), index));
        }
        world.sent(
                "POST",
                "/api/v1/events",
                "{\"batch\":[" + String.join(",", batch) + "]}",
                AccessWorld.bearer(tenant.secretKey()));
    }

    private static long count(AccessWorld world, AccessWorld.Things tenant) throws IOException, InterruptedException {
        return world.sent("POST", "/api/v1/query", QUESTIONS.getFirst(), AccessWorld.bearer(tenant.secretKey()))
                .at("/data/value")
                .asLong();
    }

    private static void await(AccessWorld world, AccessWorld.Things tenant, int events) throws Exception {
        TestedServer.await("the events of " + tenant.tenant() + " are stored", () -> count(world, tenant) == events);
    }

    private static void awaitJob(AccessWorld world, AccessWorld.Things tenant, String id) throws Exception {
        TestedServer.await(
                "the person is erased",
                () -> world.sent("GET", "/api/v1/jobs/" + id, "", AccessWorld.bearer(tenant.secretKey()))
                        .path("state")
                        .asText()
                        .equals("done"));
    }

    private static AccessWorld.Things other(
            AccessWorld.Things tenant, AccessWorld.Things acme, AccessWorld.Things twin) {
        return tenant.equals(acme) ? twin : acme;
    }

    private static String path(RouteTable.Entry route, AccessWorld.Things of) {
        String path = route.path();
        String id = path.startsWith("/api/v1/cohorts/")
                ? of.cohort()
                : path.startsWith("/api/v1/templates/") ? "commerce" : of.report();
        String query = path.endsWith("/property-values") || path.endsWith("/values")
                ? "?event_type=buy&property=properties.plan"
                : path.endsWith("/behind")
                        ? "?show=people&widget=" + of.widget() + "&at=" + encoded("{}")
                        : path.endsWith("/properties") ? "?event_type=buy" : "";
        return path.replace(":widgetId", of.widget())
                        .replace(":userId", path.startsWith("/api/v1/users/") ? "same-person" : of.memberId())
                        .replace(":eventType", path.contains("/schemas/") ? "order" : "buy")
                        .replace(":id", id)
                + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
