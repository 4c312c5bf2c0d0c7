package dev.tidemark;

import static dev.tidemark.ServerFixture.ACME;
import static dev.tidemark.ServerFixture.JSON;
import static dev.tidemark.ServerFixture.OTHER;
import static dev.tidemark.ServerFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.AccessKey;
import dev.tidemark.account.Accounts;
import dev.tidemark.http.Access;
import dev.tidemark.http.RouteTable;
import dev.tidemark.report.Report;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessMatrixTest {
    @TempDir
    Path directory;

    private ServerFixture server;
    private Report ours;
    private Report theirs;

    @BeforeEach
    void open() throws Exception {
        server = new ServerFixture(directory);
        ours = server.reports.create(ACME, JSON.readTree(ServerFixture.REPORT));
        theirs = server.reports.create(OTHER, JSON.readTree(ServerFixture.REPORT));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void demandsOnEveryRouteWhatItsAccessSays() {
        String write = server.key(ACME, AccessKey.Kind.WRITE);
        String ownToken = server.embedToken(ACME, ours.id().value());
        String otherToken = server.embedToken(ACME, "another-report");
        Accounts.CreatedKey former = server.accounts.createKey(ACME, AccessKey.Kind.SECRET, "former", List.of());
        String revoked = former.plain().reveal();
        server.accounts.revokeKey(ACME, former.key().id());
        SoftAssertions softly = new SoftAssertions();
        List<RouteTable.Entry> routes = server.table.entries();
        assertThat(routes).hasSizeGreaterThan(25);
        for (RouteTable.Entry route : routes) {
            boolean open = route.access() == Access.PUBLIC;
            String path = path(route, ours);
            softly.assertThat(status(route, path)).as("nothing at %s", route).satisfies(is(open, 401));
            softly.assertThat(status(route, path, "Authorization", "Bearer nonsense"))
                    .as("nonsense at %s", route)
                    .satisfies(is(open, 401));
            softly.assertThat(status(route, path, "Authorization", "Digest x"))
                    .as("digest at %s", route)
                    .satisfies(is(open, 401));
            softly.assertThat(status(route, path, "X-API-Key", revoked))
                    .as("revoked key at %s", route)
                    .satisfies(is(open, 401));
            softly.assertThat(status(route, path, "X-API-Key", write))
                    .as("write key at %s", route)
                    .satisfies(is(open, 403));
            softly.assertThat(status(route, path, "Authorization", "Bearer " + otherToken))
                    .as("token of another report at %s", route)
                    .satisfies(is(open, 403));
            softly.assertThat(status(route, path, "Authorization", "Bearer " + ownToken))
                    .as("embed token at %s", route)
                    .satisfies(is(open || route.access().byEmbedToken(), 403));
        }
        softly.assertAll();
    }

    @Test
    void showsNobodyTheReportsOfAnotherTenant() {
        String secret = server.key(ACME, AccessKey.Kind.SECRET);
        SoftAssertions softly = new SoftAssertions();
        for (RouteTable.Entry route : server.table.entries()) {
            if (route.path().startsWith("/api/v1/reports/:id")) {
                HttpResponse<String> response = server.send(
                        route.method(), path(route, theirs), body(route), "Authorization", "Bearer " + secret);
                softly.assertThat(response.statusCode()).as("%s", route).isEqualTo(404);
                softly.assertThat(response.body()).doesNotContain("Overview");
            }
        }
        softly.assertAll();
        assertThat(server.reports.find(OTHER, theirs.id())).isEqualTo(theirs);
    }

    @Test
    void takesTheTenantFromTheCredentialAndRefusesAnotherInTheHeader() {
        String secret = server.key(ACME, AccessKey.Kind.SECRET);
        String path = "/api/v1/reports/" + ours.id();
        assertThat(json(server.get(path, secret)).at("/widgets/0/data/tenant").asText())
                .isEqualTo("acme");
        assertThat(server.get(path, secret, "X-Tenant-ID", "acme").statusCode()).isEqualTo(200);
        assertThat(server.get(path, secret, "X-Tenant-ID", "other").statusCode())
                .isEqualTo(403);
        assertThat(server.get("/api/v1/keys", server.key(OTHER, AccessKey.Kind.SECRET))
                        .body())
                .doesNotContain("acme")
                .contains("\"kind\":\"secret\"");
    }

    @Test
    void takesTheKeyInEveryPlaceWhereClientsPutIt() {
        String secret = server.key(ACME, AccessKey.Kind.SECRET);
        String basic = Base64.getEncoder().encodeToString((secret + ":").getBytes(StandardCharsets.UTF_8));
        assertThat(server.send("GET", "/api/v1/settings", "", "Authorization", "Basic " + basic)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send("GET", "/api/v1/settings", "", "authorization", "bearer " + secret)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send("GET", "/api/v1/settings", "", "X-API-Key", secret)
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.send("GET", "/api/v1/settings?key=" + secret, "").statusCode())
                .as("a secret in an address ends up in logs")
                .isEqualTo(401);
        assertThat(server.send("GET", "/api/v1/settings", "", "Authorization", "Basic %%%")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesAnEmbedTokenWhenItsTimeIsOver() {
        String token = server.embedToken(ACME, ours.id().value());
        assertThat(server.get("/api/v1/reports/" + ours.id(), token).statusCode())
                .isEqualTo(200);
        server.time.advance(java.time.Duration.ofHours(2));
        HttpResponse<String> late = server.get("/api/v1/reports/" + ours.id(), token);
        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(json(late).get("detail").asText()).contains("expired at 2026-03-01T13:00:00Z");
        assertThat(late.headers().firstValue("WWW-Authenticate")).isPresent();
    }

    private int status(RouteTable.Entry route, String path, String... headers) {
        return server.send(route.method(), path, body(route), headers).statusCode();
    }

    private static java.util.function.Consumer<Integer> is(boolean open, int refused) {
        return status -> {
            if (open) {
                assertThat(status).isNotEqualTo(403).isLessThan(600);
            } else {
                assertThat(status).isEqualTo(refused);
            }
        };
    }

    private static String body(RouteTable.Entry route) {
        return route.method().equals("GET") || route.method().equals("DELETE")
                ? ""
                : route.path().contains("/widgets")
                        ? "{\"type\":\"metric\",\"question\":{\"measures\":[{\"name\":\"a\",\"measure\":\"events\"}],\"range\":{\"last\":\"1d\"}}}"
                        : route.path().endsWith("/embed-tokens") ? "{}" : "{\"report_name\":\"x\"}";
    }

    private static String path(RouteTable.Entry route, Report report) {
        return route.path()
                .replace(":widgetId", report.widgets().getFirst().id())
                .replace(":id", report.id().value())
                .replace(":eventType", "purchase")
                .replace("*", "none.js");
    }
}
