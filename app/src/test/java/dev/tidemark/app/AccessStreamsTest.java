package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends a credential ends the streams that it opened, within a second. */
@Timeout(300)
final class AccessStreamsTest {
    private static final Duration AT_MOST = Duration.ofMillis(1_500);

    @TempDir
    static Path directory;

    private static AccessWorld world;
    private static AccessWorld.Things acme;

    @BeforeAll
    @SuppressWarnings("NullAway.Init")
    static void open() throws Exception {
        world = new AccessWorld(directory);
        acme = world.of(AccessWorld.ACME);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void anEmbedTokenThatIsRevokedById() throws Exception {
        JsonNode token = sent("POST", "/api/v1/reports/" + acme.report() + "/embed-tokens", "{}");
        endsAt(
                AccessWorld.bearer(token.path("token").asText()),
                () -> sent(
                        "POST",
                        "/api/v1/reports/" + acme.report() + "/embed-tokens/revoke",
                        "{\"token_id\":\"" + token.path("token_id").asText() + "\"}"));
    }

    @Test
    void everyEmbedTokenOfAReportButThoseIssuedAfterwards() throws Exception {
        JsonNode token = sent("POST", "/api/v1/reports/" + acme.report() + "/embed-tokens", "{}");
        endsAt(
                AccessWorld.bearer(token.path("token").asText()),
                () -> sent("POST", "/api/v1/reports/" + acme.report() + "/embed-tokens/revoke", "{\"all\":true}"));
        JsonNode next = sent("POST", "/api/v1/reports/" + acme.report() + "/embed-tokens", "{}");
        assertThat(world.send(
                                "GET",
                                "/api/v1/reports/" + acme.report(),
                                "",
                                AccessWorld.bearer(next.path("token").asText()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aShareLinkThatIsRevoked() throws Exception {
        JsonNode link = sent(
                "POST", "/api/v1/reports/" + acme.report() + "/share-links", "{\"password\":\"open sesame, please\"}");
        String secret = link.path("url").asText().replaceAll(".*#", "");
        AccessWorld.Answer without = world.send("POST", "/api/v1/share/open", "{\"link\":\"" + secret + "\"}");
        AccessWorld.Answer wrong = world.send(
                "POST", "/api/v1/share/open", "{\"link\":\"" + secret + "\",\"password\":\"open barley, please\"}");
        JsonNode opened = world.sent(
                "POST", "/api/v1/share/open", "{\"link\":\"" + secret + "\",\"password\":\"open sesame, please\"}");

        assertThat(without.status()).isEqualTo(401);
        assertThat(wrong.status()).isEqualTo(401);
        endsAt(
                AccessWorld.bearer(opened.path("token").asText()),
                () -> sent(
                        "DELETE",
                        "/api/v1/reports/" + acme.report() + "/share-links/"
                                + link.path("share_id").asText(),
                        ""));
        assertThat(world.send(
                                "POST",
                                "/api/v1/share/open",
                                "{\"link\":\"" + secret + "\",\"password\":\"open sesame, please\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aKeyThatIsRevoked() throws Exception {
        JsonNode key = sent("POST", "/api/v1/keys", "{\"kind\":\"secret\"}");
        endsAt(
                AccessWorld.bearer(key.path("key").asText()),
                () -> sent("DELETE", "/api/v1/keys/" + key.path("key_id").asText(), ""));
    }

    @Test
    void aSessionThatIsLeft() throws Exception {
        AccessWorld.Session session = world.member(AccessWorld.ACME, "editor");
        endsAt(session.reading(), () -> world.sent("DELETE", "/api/v1/session", "", session.changing()));
    }

    @Test
    void aMembershipThatEndsAndAReportThatBecomesRestricted() throws Exception {
        AccessWorld.Session session = world.member(AccessWorld.ACME, "viewer");
        endsAt(
                session.reading(),
                () -> sent(
                        "PUT",
                        "/api/v1/reports/" + acme.report() + "/grants",
                        "{\"grants\":[{\"role\":\"editor\",\"level\":\"view\"}]}"));
        assertThat(world.send("GET", "/api/v1/reports/" + acme.report(), "", session.reading())
                        .status())
                .isEqualTo(404);
        assertThat(world.send("GET", "/api/v1/reports", "", session.reading()).body())
                .doesNotContain(acme.report())
                .contains(acme.otherReport());
        sent("PUT", "/api/v1/reports/" + acme.report() + "/grants", "{\"grants\":[]}");
        endsAt(session.reading(), () -> sent("DELETE", "/api/v1/members/" + session.userId(), ""));
    }

    @Test
    void anIssuerThatIsNoLongerTrusted() throws Exception {
        String jwt = world.jwt(AccessWorld.GLOBEX, "viewer", Duration.ofHours(1));
        AccessWorld.Things globex = world.of(AccessWorld.GLOBEX);
        endsAt(
                globex.report(),
                AccessWorld.bearer(jwt),
                () -> world.sent(
                        "DELETE",
                        "/api/v1/token-issuers/" + globex.issuer(),
                        "",
                        AccessWorld.bearer(globex.secretKey())));
    }

    private static JsonNode sent(String method, String path, String body) throws IOException, InterruptedException {
        return world.sent(method, path, body, AccessWorld.bearer(acme.secretKey()));
    }

    private static void endsAt(String[] headers, Callable<?> change) throws Exception {
        endsAt(acme.report(), headers, change);
    }

    /** Opens a stream, makes the change, and expects the end of the stream in time. */
    private static void endsAt(String report, String[] headers, Callable<?> change) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                    URI.create(world.server.running().url() + "/api/v1/reports/" + report + "/stream"));
            for (int index = 0; index < headers.length; index += 2) {
                request.header(headers[index], headers[index + 1]);
            }
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String first = lines.readLine();
                assertThat(first).isNotNull();
                long begun = world.time.nanos();
                change.call();
                List<String> rest = new ArrayList<>();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    rest.add(line);
                }
                assertThat(Duration.ofNanos(world.time.nanos() - begun)).isLessThan(AT_MOST);
                assertThat(rest).anyMatch(line -> line.contains("revoked"));
            }
        }
    }
}
