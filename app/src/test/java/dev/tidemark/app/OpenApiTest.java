package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.config.ConfigurationReader;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.RouteTable;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document and the routes say the same, in both directions. */
final class OpenApiTest {
    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

    @TempDir
    Path directory;

    private final JsonNode document = OpenApiRoutes.parse(OpenApiRoutes.read());

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsARoute() {
        Set<String> routes = new TreeSet<>();
        Configuration configuration = new ConfigurationReader(directory)
                .option("http.port", 0, "--port")
                .option("oidc.issuer", "https://id.example.com", "--issuer")
                .option("oidc.client-id", "tidemark", "--client")
                .read();
        Path home = Path.of(System.getProperty("tidemark.home"));
        try (EmbeddedWiring server =
                EmbeddedWiring.start(configuration, home, TimeSource.system(), new SecureRandom())) {
            for (RouteTable.Entry entry : server.routes()) {
                if (!entry.method().equals("OPTIONS")) {
                    String path =
                            PARAMETER.matcher(entry.path()).replaceAll("{$1}").replace("/*", "/{path}");
                    routes.add(
                            entry.method() + " " + path + " " + entry.access().wireName());
                }
            }
        }
        assertThat(described()).isEqualTo(routes);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(document, references);

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void operationsHaveIdsOfTheirOwn() {
        List<String> ids = new ArrayList<>();
        document.path("paths")
                .forEach(path -> path.forEach(
                        operation -> ids.add(operation.path("operationId").asText())));

        assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
        assertThat(document.path("openapi").asText()).startsWith("3.1");
    }

    /** Keys alone send events; else whoever a tenant lets in may call what the role or scope allows. */
    @Test
    void everyKindOfCredentialThatWorksIsNamed() {
        document.path("paths")
                .forEach(path -> path.forEach(operation -> {
                    Set<String> named = new TreeSet<>();
                    operation.path("security").forEach(each -> each.fieldNames().forEachRemaining(named::add));
                    assertThat(named)
                            .as(operation.path("operationId").asText())
                            .isEqualTo(credentials(operation.path("x-access").asText()));
                }));
    }

    private static Set<String> credentials(String access) {
        return switch (access) {
            case "public" -> Set.of();
            case "signed-in" -> Set.of("session");
            case "metrics" -> Set.of("session", "operator", "metrics");
            case "server" -> Set.of("session", "operator");
            case "events:send" -> Set.of("key", "basic");
            default ->
                access.endsWith("+embed")
                        ? Set.of("key", "basic", "session", "jwt", "embed")
                        : Set.of("key", "basic", "session", "jwt");
        };
    }

    private Set<String> described() {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " "
                        + operation.getValue().path("x-access").asText());
            }
        }
        return described;
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.has("$ref")) {
            references.add(node.get("$ref").asText());
        }
        node.forEach(child -> collect(child, references));
    }
}
