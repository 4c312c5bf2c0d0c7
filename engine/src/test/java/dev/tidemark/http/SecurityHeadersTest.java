package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What browsers are told of each kind of answer. */
@Timeout(60)
final class SecurityHeadersTest {
    private static final String NO_PAGE = "default-src 'none'; frame-ancestors 'none'";

    @TempDir
    Path directory;

    @Test
    void nothingIsAPageUnlessItSaysSo() throws IOException {
        Files.createDirectories(directory.resolve("dist/assets"));
        Files.writeString(directory.resolve("dist/index.html"), "<!doctype html>");
        Files.writeString(directory.resolve("dist/embed.html"), "<!doctype html>");
        Files.writeString(directory.resolve("dist/assets/a.js"), "1");
        try (ServerFixture server = new ServerFixture(directory)) {
            String key = server.key(ServerFixture.ACME, AccessKey.Kind.SECRET);
            String report = ServerFixture.json(server.send(
                            "POST", "/api/v1/reports", ServerFixture.REPORT, "Authorization", "Bearer " + key))
                    .path("report_id")
                    .asText();
            String token = server.embedToken(ServerFixture.ACME, report, "https://app.example.com");
            for (HttpResponse<String> answer : List.of(
                    server.get("/api/v1/reports", key),
                    server.send("GET", "/api/v1/reports", ""),
                    server.send("GET", "/nothing", ""),
                    server.send("PATCH", "/api/v1/reports", ""),
                    server.send("OPTIONS", "/api/v1/reports/x", ""),
                    server.send("POST", "/api/v1/session", "["),
                    server.send("GET", "/assets/a.js", ""))) {
                assertThat(header(answer, "Content-Security-Policy")).isEqualTo(NO_PAGE);
                assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
                assertThat(header(answer, "Permissions-Policy")).contains("camera=()");
                assertThat(header(answer, "Strict-Transport-Security")).isEmpty();
            }
            assertThat(header(server.get("/api/v1/reports", key), "Cross-Origin-Resource-Policy"))
                    .isEqualTo("same-origin");
            assertThat(header(server.send("GET", "/assets/a.js", ""), "Cross-Origin-Resource-Policy"))
                    .isEqualTo("cross-origin");
            HttpResponse<String> page = server.send("GET", "/", "");
            assertThat(header(page, "Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'self'")
                    .doesNotContain("unsafe");
            assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
            HttpResponse<String> embed = server.send("GET", "/embed/reports/" + report + "?token=" + token, "");
            assertThat(header(embed, "Content-Security-Policy"))
                    .contains("frame-ancestors 'self' https://app.example.com")
                    .doesNotContain("unsafe");
            assertThat(header(embed, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(header(embed, "Cache-Control")).isEqualTo("no-store");
            assertThat(embed.body()).doesNotContain(token);
        }
    }

    @Test
    void tlsIsDemandedWhereThereIsTls() throws Exception {
        assertThat(strict(new SecurityHeaders("https://stats.example.com", 0), Map.of()))
                .isNotEmpty();
        assertThat(strict(new SecurityHeaders("http://stats.example.com", 1), Map.of("X-Forwarded-Proto", "https")))
                .isEmpty();
        assertThat(strict(new SecurityHeaders(null, 1), Map.of("X-Forwarded-Proto", "https")))
                .isNotEmpty();
        assertThat(strict(new SecurityHeaders(null, 0), Map.of("X-Forwarded-Proto", "https")))
                .as("nobody is believed who is no trusted proxy")
                .isEmpty();
    }

    @Test
    void whatIsNoRequestGetsAProblemToo() throws IOException {
        try (ServerFixture server = new ServerFixture(directory)) {
            Map<String, String> wrong = Map.of(
                    "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                    " 414 ",
                    "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n",
                    " 431 ",
                    "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                    " 400 ");
            for (Map.Entry<String, String> each : wrong.entrySet()) {
                try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(each.getKey().getBytes(StandardCharsets.US_ASCII));
                    String answer = new String(socket.getInputStream().readNBytes(400), StandardCharsets.ISO_8859_1);
                    assertThat(answer).startsWith("HTTP/1.").contains(each.getValue(), "X-Correlation-ID: ", NO_PAGE);
                }
            }
        }
    }

    private static String strict(SecurityHeaders headers, Map<String, String> sent) throws Exception {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.route().handler(headers);
        router.route(HttpMethod.GET, "/").handler(context -> context.response().end());
        try (HttpServers servers = HttpServers.start(
                        vertx,
                        router,
                        "127.0.0.1",
                        0,
                        1,
                        Duration.ofSeconds(1),
                        HttpLimits.DEFAULTS,
                        TimeSource.system(),
                        new UuidV7(TimeSource.system(), new Random(1)));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + servers.port() + "/"));
            sent.forEach(request::header);
            return header(
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString()), "Strict-Transport-Security");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
