package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.http.RouteTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever somebody of one tenant does, and in whatever order, nothing of the other tenant comes back, and nothing of it changes. */
@Timeout(300)
final class AccessSequenceTest {
    private static final int CALLS = 1_500;
    private static final long SEED = 7_391;

    @TempDir
    Path directory;

    @Test
    void noSequenceOfCallsShowsOrChangesAnythingOfAnotherTenant() throws Exception {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        try (AccessWorld world = new AccessWorld(directory)) {
            AccessWorld.Things own = world.of(AccessWorld.ACME);
            AccessWorld.Things other = world.of(AccessWorld.GLOBEX);
            List<RouteTable.Entry> routes = world.routes().stream()
                    .filter(route -> !route.method().equals("OPTIONS")
                            && !route.path().endsWith("/ws")
                            && !route.access().wireName().equals("server"))
                    .toList();
            List<String[]> credentials = new ArrayList<>(List.of(
                    AccessWorld.bearer(own.secretKey()),
                    AccessWorld.bearer(own.writeKey()),
                    AccessWorld.bearer(world.jwt(AccessWorld.ACME, "owner", Duration.ofHours(1))),
                    AccessWorld.bearer(
                            world.embedToken(AccessWorld.ACME, own.report(), Duration.ZERO, Duration.ofHours(1))),
                    AccessWorld.bearer(
                            world.embedToken(AccessWorld.ACME, other.report(), Duration.ZERO, Duration.ofHours(1)))));
            for (String role : List.of("owner", "viewer")) {
                credentials.add(world.member(AccessWorld.ACME, role).changing());
            }
            List<String> ids = new ArrayList<>(List.of(
                    own.report(),
                    own.cohort(),
                    own.key(),
                    own.issuer(),
                    own.invitation(),
                    own.share(),
                    own.memberId(),
                    own.widget(),
                    other.report(),
                    other.cohort(),
                    other.key(),
                    other.issuer(),
                    other.invitation(),
                    other.share(),
                    other.memberId(),
                    other.widget(),
                    "order",
                    "globex",
                    "commerce"));
            List<String> bodies = bodies(other);
            routes = new ArrayList<>(routes);
            Collections.shuffle(routes, random);
            assertThat(routes).hasSizeBetween(100, CALLS / 2);
            Map<String, String> before = state(world, other);
            int answered = 0;
            for (int call = 0; call < CALLS; call++) {
                // Each once at least, then as chance has it.
                RouteTable.Entry route = routes.get(call < routes.size() ? call : random.nextInt(routes.size()));
                String path = path(route.path(), ids, random);
                String body = Set.of("GET", "DELETE").contains(route.method())
                        ? ""
                        : bodies.get(random.nextInt(bodies.size()));
                String[] headers = credentials.get(random.nextInt(credentials.size()));
                AccessWorld.Answer answer = world.send(route.method(), path, body, headers);
                assertThat(answer.body())
                        .as("call %d, %s %s with %s", call, route.method(), path, body)
                        .doesNotContain(other.mark());
                assertThat(answer.status())
                        .as("%s %s with %s: %s", route.method(), path, body, answer)
                        .isLessThan(500);
                answered += answer.status() < 300 ? 1 : 0;
                remember(answer, ids);
            }
            assertThat(answered).as("calls that did something").isGreaterThan(CALLS / 20);
            assertThat(state(world, other)).isEqualTo(before);
        }
    }

    /** What a tenant has, as its own key sees it. */
    private static Map<String, String> state(AccessWorld world, AccessWorld.Things tenant) throws Exception {
        Map<String, String> state = new LinkedHashMap<>();
        for (String path : List.of(
                "/api/v1/reports",
                "/api/v1/reports/" + tenant.report() + "/definition",
                "/api/v1/reports/" + tenant.report() + "/grants",
                "/api/v1/reports/" + tenant.report() + "/share-links",
                "/api/v1/cohorts",
                "/api/v1/schemas",
                "/api/v1/settings",
                "/api/v1/members",
                "/api/v1/invitations",
                "/api/v1/token-issuers")) {
            state.put(
                    path,
                    world.send("GET", path, "", AccessWorld.bearer(tenant.secretKey()))
                            .body());
        }
        return state;
    }

    private static List<String> bodies(AccessWorld.Things other) {
        String question =
                "{\"type\":\"metric\",\"measures\":[{\"name\":\"n\",\"measure\":\"events\"}],\"range\":{\"last\":\"7d\"}}";
        return List.of(
                "{}",
                "[",
                question,
                question.replace("}}", "},\"filter\":{\"cohort\":\"" + other.cohort() + "\"}}"),
                "{\"type\":\"table\",\"measures\":[{\"name\":\"n\",\"measure\":\"events\"}],\"breakdowns\":[\"user_id\"],\"range\":{\"last\":\"7d\"}}",
                "{\"report_name\":\"mine\",\"widgets\":[]}",
                "{\"type\":\"metric\",\"title\":\"w\",\"question\":" + question + "}",
                "{\"name\":\"mine\",\"kind\":\"static\",\"user_ids\":[\"a\"],\"from\":{\"cohort\":\"" + other.cohort()
                        + "\"}}",
                "{\"name\":\"mine\",\"definition\":{\"cohort\":\"" + other.cohort() + "\"}}",
                "{\"kind\":\"write\",\"name\":\"k\"}",
                "{\"email\":\"x@example.com\",\"role\":\"viewer\"}",
                "{\"role\":\"viewer\"}",
                "{\"tenant_id\":\"globex\"}",
                "{\"report_id\":\"" + other.report() + "\"}",
                "{\"token_id\":\"some\"}",
                "{\"all\":true}",
                "{\"grants\":[{\"user_id\":\"" + other.memberId() + "\",\"level\":\"view\"}]}",
                "{\"event_type\":\"order\",\"user_id\":\"x\"}",
                "{\"event_type\":\"order\",\"mode\":\"off\",\"schema\":{}}",
                "{\"overlap_seconds\":0}");
    }

    private static String path(String pattern, List<String> ids, Random random) {
        StringBuilder path = new StringBuilder();
        for (String segment : pattern.substring(1).split("/")) {
            path.append('/')
                    .append(
                            segment.startsWith(":")
                                    ? ids.get(random.nextInt(ids.size()))
                                    : segment.equals("*") ? "none.js" : segment);
        }
        return pattern.equals("/") ? "/" : path.toString();
    }

    /** Goes on with what was made. */
    private static void remember(AccessWorld.Answer answer, List<String> ids) throws Exception {
        if (answer.status() != 201) {
            return;
        }
        for (String member : List.of("report_id", "cohort_id", "widget_id", "link_id", "share_id", "issuer_id")) {
            String id = answer.json().path(member).asText("");
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
    }
}
