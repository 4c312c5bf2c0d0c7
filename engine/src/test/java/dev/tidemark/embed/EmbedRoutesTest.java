package dev.tidemark.embed;

import static dev.tidemark.ServerFixture.ACME;
import static dev.tidemark.ServerFixture.JSON;
import static dev.tidemark.ServerFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.report.Report;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbedRoutesTest {
    @TempDir
    Path directory;

    private ServerFixture server;
    private Report report;
    private String secret;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(directory.resolve("dist"));
        Files.writeString(directory.resolve("dist/embed.html"), "<!doctype html><main></main>");
        Files.writeString(directory.resolve("dist/embed.js"), "export {}");
        Files.writeString(directory.resolve("dist/tidemark.js"), "void 0");
        server = new ServerFixture(directory);
        report = server.reports.create(ACME, JSON.readTree(ServerFixture.REPORT));
        secret = server.key(ACME, AccessKey.Kind.SECRET);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void givesAFrameWhoseAddressShowsTheReport() {
        JsonNode answer = json(server.get(
                "/api/v1/reports/" + report.id() + "/embed?width=800&height=50%25&theme=dark&expires_in=600", secret));
        String url = answer.get("embed_url").asText();
        assertThat(url).startsWith(server.origin() + "/embed/reports/" + report.id() + "?token=");
        assertThat(answer.get("embed_code").asText())
                .contains("src=\"" + url.replace("&", "&amp;") + "\"")
                .contains("title=\"Overview &lt;b&gt;\"")
                .contains("width:800px;height:50%");
        assertThat(answer.get("javascript_sdk").asText())
                .contains("src=\"" + server.origin() + "/embed.js\"")
                .contains("<tidemark-report report=\"" + report.id() + "\" token=\"");
        assertThat(answer.get("expires_at").asText()).isEqualTo("2026-03-01T12:10:00Z");
        HttpResponse<String> page =
                server.send("GET", url.substring(server.origin().length()), "");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<main>");
        assertThat(page.headers().firstValue("X-Frame-Options")).isEmpty();
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("frame-ancestors");
    }

    @Test
    void letsOnlyTheTokensOriginsFrameThePageAndReadTheNumbers() {
        String token =
                server.embedToken(ACME, report.id().value(), "https://app.example.com", "https://*.shop.example");
        HttpResponse<String> page = server.send("GET", "/embed/reports/" + report.id() + "?token=" + token, "");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .endsWith("; frame-ancestors 'self' https://app.example.com https://*.shop.example");
        String path = "/api/v1/reports/" + report.id();
        for (String origin : new String[] {"https://app.example.com", "https://de.shop.example", server.origin()}) {
            HttpResponse<String> allowed = server.get(path, token, "Origin", origin);
            assertThat(allowed.statusCode()).as(origin).isEqualTo(200);
            assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(origin);
            assertThat(allowed.headers().firstValue("Vary").orElse("")).contains("Origin");
        }
        for (String origin :
                new String[] {"https://evil.example", "http://app.example.com", "https://shop.example", "null"}) {
            assertThat(server.get(path, token, "Origin", origin).statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        HttpResponse<String> anywhere =
                server.get(path, server.embedToken(ACME, report.id().value()), "Origin", "https://evil.example");
        assertThat(anywhere.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    }

    @Test
    void answersThePreflightOfReportsAndOfNothingElse() {
        HttpResponse<String> preflight = server.send(
                "OPTIONS",
                "/api/v1/reports/" + report.id(),
                "",
                "Origin",
                "https://app.example.com",
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "authorization");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("*");
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Headers")
                        .orElse(""))
                .contains("Authorization", "If-None-Match");
        assertThat(server.send("OPTIONS", "/api/v1/keys", "", "Origin", "https://app.example.com")
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void explainsNothingToTheHolderOfAToken() throws Exception {
        String path = "/api/v1/reports/" + report.id() + "?explain=true";
        String token = server.embedToken(ACME, report.id().value());
        HttpResponse<String> refused = server.get(path, token);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(server.get(path.replace("true", "false"), token).statusCode())
                .isEqualTo(200);
        HttpResponse<String> explained = server.send("GET", path, "", "X-API-Key", secret);
        assertThat(explained.statusCode()).isEqualTo(200);
        assertThat(explained.headers().firstValue("ETag")).isEmpty();
        assertThat(server.send("GET", path.replace("true", "1"), "", "X-API-Key", secret)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void saysInWordsWhyAPageShowsNothing() {
        String path = "/embed/reports/" + report.id();
        String token = server.embedToken(ACME, report.id().value());
        assertPage(server.send("GET", path, ""), 401, "lacks its token");
        assertPage(server.send("GET", path + "?token=x.y.z", ""), 401, "not valid");
        assertPage(server.send("GET", "/embed/reports/another?token=" + token, ""), 403, "another report");
        server.time.advance(Duration.ofHours(3));
        assertPage(server.send("GET", path + "?token=" + token, ""), 401, "expired");
    }

    @Test
    void locksTheFilterOfATokenAndRefusesOneThatCannotBeAsked() {
        String path = "/api/v1/reports/" + report.id() + "/embed-tokens";
        HttpResponse<String> issued = server.send("POST", path, """
                {"filter":{"property":"country","operator":"eq","value":"DE"},"origins":["https://a.example"],
                 "expires_in":60,"theme":"light"}""", "X-API-Key", secret);
        assertThat(issued.statusCode()).isEqualTo(201);
        assertThat(json(issued).get("expires_at").asText()).isEqualTo("2026-03-01T12:01:00Z");
        String token = json(issued).get("token").asText();
        assertThat(server.get("/api/v1/reports/" + report.id(), token).statusCode())
                .isEqualTo(200);
        for (String[] wrong : new String[][] {
            {"{\"filter\":{\"property\":\"country\",\"operator\":\"resembles\",\"value\":1}}", "filter"},
            {"{\"origins\":\"https://a.example\"}", "origins"},
            {"{\"origins\":[\"a.example; script-src *\"]}", "origins[0]"},
            {"{\"expires_in\":99999999}", "expires_in"},
            {"{\"expires_in\":\"soon\"}", "expires_in"},
            {"{\"theme\":\"pink\"}", "theme"},
            {"{\"report\":\"x\"}", "report"}
        }) {
            HttpResponse<String> refused = server.send("POST", path, wrong[0], "X-API-Key", secret);
            assertThat(refused.statusCode()).as(wrong[0]).isEqualTo(400);
            assertThat(json(refused).path("field").asText()).as(wrong[0]).startsWith(wrong[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "width=0, width",
        "width=101%25, width",
        "width=1%3Bposition:fixed, width",
        "height=tall, height",
        "theme=pink, theme",
        "expires_in=-1, expires_in",
        "expires_in=0, expires_in",
        "origins=javascript:alert(1), origins[0]",
    })
    void namesTheParameterThatIsWrong(String query, String field) {
        HttpResponse<String> response = server.get("/api/v1/reports/" + report.id() + "/embed?" + query, secret);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("field").asText()).isEqualTo(field);
    }

    @Test
    void answersNotModifiedWhileNumbersAreTheSame() {
        String path = "/api/v1/reports/" + report.id();
        String tag = server.get(path, secret).headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = server.get(path, secret, "If-None-Match", tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.headers().firstValue("ETag")).contains(tag);
        String renamed = ServerFixture.REPORT.replace("Views", "Looks");
        assertThat(server.send("PUT", path, renamed, "X-API-Key", secret, "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get(path, secret, "If-None-Match", tag).statusCode()).isEqualTo(200);
        assertThat(server.send("PUT", path, renamed, "X-API-Key", secret, "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void letsScriptsOfOtherSitesBeLoaded() {
        HttpResponse<String> script = server.send("GET", "/embed.js", "");
        assertThat(script.body()).isEqualTo("export {}");
        assertThat(script.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(script.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
        assertThat(script.headers().firstValue("Cache-Control")).contains("no-cache");
    }

    @Test
    void letsSitesKeepTheTrackerForAnHour() {
        HttpResponse<String> script = server.send("GET", "/tidemark.js", "");
        assertThat(script.body()).isEqualTo("void 0");
        assertThat(script.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
        assertThat(script.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(script.headers().firstValue("Cross-Origin-Resource-Policy")).contains("cross-origin");
        assertThat(script.headers().firstValue("Cache-Control"))
                .contains("public, max-age=3600, stale-while-revalidate=86400");
        String tag = script.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.send("GET", "/tidemark.js", "", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.headers().firstValue("Cache-Control").orElse("")).contains("max-age=3600");
    }

    @Test
    void createsReportsOverHttpAndLists() {
        HttpResponse<String> created =
                server.send("POST", "/api/v1/reports", ServerFixture.REPORT, "X-API-Key", secret);
        assertThat(created.statusCode()).isEqualTo(201);
        String location = created.headers().firstValue("Location").orElseThrow();
        assertThat(json(server.get(location + "/definition", secret))).isEqualTo(json(created));
        assertThat(json(server.get("/api/v1/reports", secret)).get("reports")).hasSize(2);
        assertThat(server.send("DELETE", location, "", "X-API-Key", secret).statusCode())
                .isEqualTo(204);
        assertThat(server.get(location, secret).statusCode()).isEqualTo(404);
        assertThat(server.send("POST", "/api/v1/cache/invalidate", "", "X-API-Key", secret)
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.send("POST", "/api/v1/cache/invalidate", "{\"report_id\":\"nothing\"}", "X-API-Key", secret)
                        .statusCode())
                .isEqualTo(404);
    }

    private static void assertPage(HttpResponse<String> page, int status, String words) {
        assertThat(page.statusCode()).isEqualTo(status);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains(words).contains("</html>");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("style-src 'sha256-")
                .doesNotContain("unsafe-inline");
    }
}
