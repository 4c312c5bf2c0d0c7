package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.app.config.ConfigurationReader;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Administrative;
import dev.tidemark.http.Asking;
import dev.tidemark.http.RouteTable;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is changed unnoticed. */
final class AdministrativeRoutesTest {
    @TempDir
    Path directory;

    @Test
    void everyRouteThatChangesSomethingIsWrittenDownOrSaidNotToBe() {
        Path home = Path.of(System.getProperty("tidemark.home"));
        try (EmbeddedWiring server = EmbeddedWiring.start(
                new ConfigurationReader(directory)
                        .option("http.port", 0, "--port")
                        .option("oidc.issuer", "https://id.example.com", "--issuer")
                        .option("oidc.client-id", "tidemark", "--client")
                        .read(),
                home,
                TimeSource.system(),
                new SecureRandom())) {
            List<RouteTable.Entry> unsafe = server.routes().stream()
                    .filter(route -> !Set.of("GET", "HEAD", "OPTIONS").contains(route.method()))
                    .toList();
            Set<String> unwritten = unsafe.stream()
                    .filter(route -> !route.written())
                    .filter(route -> !route.access().equals(Access.INGEST))
                    .map(route -> route.method() + " " + route.path())
                    .collect(Collectors.toSet());
            assertThat(unwritten).isEqualTo(Administrative.NOT.keySet());
            assertThat(server.routes())
                    .filteredOn(route -> Asking.is(route.method(), route.path(), route.access()))
                    .extracting(route -> route.method() + " " + route.path())
                    .as("what takes from the questions that a tenant may ask")
                    .containsExactlyInAnyOrder(
                            "POST /api/v1/query",
                            "POST /api/v1/query/export",
                            "POST /api/v1/query/people",
                            "GET /api/v1/events",
                            "GET /api/v1/events/export",
                            "GET /api/v1/event-types",
                            "GET /api/v1/properties",
                            "GET /api/v1/property-values",
                            "GET /api/v1/templates",
                            "POST /api/v1/templates/:id/reports",
                            "GET /api/v1/reports/:id",
                            "GET /api/v1/reports/:id/export",
                            "GET /api/v1/cohorts/:id",
                            "POST /api/v1/cohorts",
                            "PUT /api/v1/cohorts/:id",
                            "POST /api/v1/cohorts/:id/members",
                            "GET /api/v1/cohorts/:id/people",
                            "GET /api/v1/dead-letters",
                            "GET /api/v1/dead-letters/counts",
                            "GET /api/v1/dead-letters/:id",
                            "GET /api/v1/schemas/:eventType/draft",
                            "GET /api/v1/schemas/:eventType/drift",
                            "GET /api/v1/users/:userId/export");
            assertThat(unsafe).filteredOn(RouteTable.Entry::written).hasSizeGreaterThan(35);
            assertThat(server.routes())
                    .filteredOn(RouteTable.Entry::written)
                    .filteredOn(route -> route.method().equals("GET"))
                    .extracting(RouteTable.Entry::path)
                    .containsExactlyInAnyOrder(
                            "/api/v1/users/:userId/export",
                            "/api/v1/audit/export",
                            "/api/v1/server/audit/export",
                            "/sign-in/oidc/callback");
        }
    }
}
