package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The description of the HTTP API (OpenAPI 3.1), as YAML and as JSON. */
final class OpenApiRoutes implements Routes {
    private static final String RESOURCE = "openapi.yaml";

    private final String yaml = read();
    private final JsonNode json = parse(yaml);

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/openapi", Access.PUBLIC, _ -> open(Reply.json(200, json)));
        table.blocking(
                HttpMethod.GET,
                "/openapi.yaml",
                Access.PUBLIC,
                _ -> open(Reply.text(200, "application/yaml; charset=utf-8", yaml)));
    }

    private static Reply open(Reply reply) {
        return reply.withHeader("Access-Control-Allow-Origin", "*");
    }

    static String read() {
        try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new TidemarkException(ErrorCode.INTERNAL, RESOURCE + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, RESOURCE + " cannot be read", e);
        }
    }

    static JsonNode parse(String yaml) {
        try {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, RESOURCE + " is not valid YAML", e);
        }
    }
}
