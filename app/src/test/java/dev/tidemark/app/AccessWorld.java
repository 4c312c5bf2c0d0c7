package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.app.config.ConfigurationReader;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process with two tenants full of things that have a mark in their names, and every kind of credential. Not thread-safe.
 */
final class AccessWorld implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String ACME = "acme";
    static final String GLOBEX = "globex";
    static final String PASSWORD = "correct horse battery";
    static final String METRICS_KEY = "a-key-for-the-metrics-alone";
    private static final String JWT_SECRET = "a shared secret of at least thirty-two bytes";

    final EmbeddedWiring server;
    final TimeSource time = TimeSource.system();
    private final Path data;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Things> things = new LinkedHashMap<>();

    /** What a tenant has, by the name of the path parameter, and a member without power. */
    record Things(
            String tenant,
            String mark,
            String secretKey,
            String writeKey,
            String report,
            String otherReport,
            String widget,
            String cohort,
            String key,
            String issuer,
            String invitation,
            String share,
            String memberId) {}

    /** A person's way in. */
    record Session(String cookie, String csrf, String userId) {
        String[] reading() {
            return new String[] {"Cookie", cookie};
        }

        String[] changing() {
            return new String[] {"Cookie", cookie, "X-CSRF-Token", csrf};
        }
    }

    /** What came back. */
    record Answer(int status, String body, HttpHeaders headers) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    AccessWorld(Path directory) throws IOException, InterruptedException {
        this(directory, List.of());
        things.put(ACME, fill(ACME));
        things.put(GLOBEX, fill(GLOBEX));
    }

    /** One that is there already. */
    AccessWorld(Path directory, List<Things> known) {
        this.data = directory.resolve("data");
        Configuration configuration = new ConfigurationReader(directory)
                .option("http.port", 0, "--port")
                .option("data", data, "--data")
                .option("demo", "false", "--no-demo")
                .option("metrics.key", METRICS_KEY, "--metrics")
                .option("auth.private-issuers", "true", "--private")
                .read();
        server = EmbeddedWiring.start(
                configuration, Path.of(System.getProperty("tidemark.home")), time, new SecureRandom());
        known.forEach(each -> things.put(each.tenant(), each));
    }

    Things of(String tenant) {
        return Objects.requireNonNull(things.get(tenant));
    }

    String operatorKey() {
        return server.running().operatorKey().reveal();
    }

    /** An administrator of the server who belongs to no tenant: the first one owns the first tenant, this is the second. */
    Session administrator() throws IOException, InterruptedException {
        String setup = Objects.requireNonNull(server.running().setup()).reveal();
        accept(setup, "\"email\":\"first@example.com\",");
        JsonNode second = sent("POST", "/api/v1/setup-links", "{}", bearer(operatorKey()));
        return accept(secretOf(second.path("url").asText()), "\"email\":\"second@example.com\",");
    }

    /** A new member, by an invitation of the tenant's secret key. */
    Session member(String tenant, String role) throws IOException, InterruptedException {
        Answer invited = send(
                "POST",
                "/api/v1/invitations",
                "{\"email\":\"" + role + "@" + tenant + ".example\",\"role\":\"" + role + "\"}",
                bearer(of(tenant).secretKey()));
        return accept(secretOf(invited.json().path("url").asText()), "");
    }

    Session accept(String secret, String more) throws IOException, InterruptedException {
        Answer answer = send(
                "POST",
                "/api/v1/links/accept",
                "{\"link\":\"" + secret + "\"," + more + "\"password\":\"" + PASSWORD + "\"}");
        if (answer.status() != 200) {
            throw new AssertionError(answer.toString());
        }
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        return new Session(
                cookie,
                answer.json().path("csrf_token").asText(),
                answer.json().at("/user/user_id").asText());
    }

    /** A token as a customer's own server signs it. */
    String embedToken(String tenant, String report, Duration age, Duration lifetime) throws JOSEException {
        String secret = readSecret(tenant);
        long now = time.instant().getEpochSecond();
        ObjectNode claims = JSON.createObjectNode()
                .put("tenant", tenant)
                .put("report", report)
                .put("jti", "token-" + age + lifetime + report)
                .put("iat", now - age.toSeconds())
                .put("exp", now - age.toSeconds() + lifetime.toSeconds());
        return signed(claims, Base64.getUrlDecoder().decode(secret));
    }

    /** A bearer token of the issuer that the tenant trusts. */
    String jwt(String tenant, String role, Duration lifetime) throws JOSEException {
        ObjectNode claims = JSON.createObjectNode()
                .put("iss", "https://id." + tenant + ".example")
                .put("sub", "somebody")
                .put("tenant", tenant)
                .put("role", role)
                .put("exp", time.instant().plus(lifetime).getEpochSecond());
        return signed(claims, (JWT_SECRET + tenant).getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(ObjectNode claims, byte[] secret) throws JOSEException {
        JWSObject jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.toString()));
        jws.sign(new MACSigner(secret));
        return jws.serialize();
    }

    private String readSecret(String tenant) {
        try (MetadataDatabase database = MetadataDatabase.open(data.resolve("tidemark.db"))) {
            return database.read(
                    handle -> handle.createQuery("SELECT embed_secret FROM tenants WHERE tenant_id = :tenant")
                            .bind("tenant", tenant)
                            .mapTo(String.class)
                            .one());
        }
    }

    private Things fill(String tenant) throws IOException, InterruptedException {
        String mark = tenant + "-mark-7391";
        JsonNode made = sent("POST", "/api/v1/tenants", "{\"tenant_id\":\"" + tenant + "\"}", bearer(operatorKey()));
        String secret = made.path("secret_key").asText();
        String[] bearer = bearer(secret);
        String report = """
                {"report_name":"%s","widgets":[{"type":"metric","title":"%s",
                 "question":{"type":"metric","measures":[{"name":"n","measure":"events"}],"range":{"last":"7d"}}}]}""".formatted(mark, mark);
        JsonNode first = sent("POST", "/api/v1/reports", report, bearer);
        JsonNode second = sent("POST", "/api/v1/reports", report, bearer);
        JsonNode cohort = sent(
                "POST",
                "/api/v1/cohorts",
                "{\"name\":\"" + mark + "\",\"kind\":\"static\",\"user_ids\":[\"" + mark + "\"]}",
                bearer);
        sent(
                "POST",
                "/api/v1/schemas",
                "{\"event_type\":\"order\",\"mode\":\"warn\",\"schema\":{\"description\":\"" + mark + "\"}}",
                bearer);
        sent(
                "POST",
                "/api/v1/events",
                "{\"event_type\":\"order\",\"user_id\":\"" + mark + "\",\"properties\":{\"plan\":\"" + mark + "\"}}",
                bearer);
        JsonNode key = sent("POST", "/api/v1/keys", "{\"kind\":\"write\",\"name\":\"" + mark + "\"}", bearer);
        JsonNode issuer = sent(
                "POST",
                "/api/v1/token-issuers",
                "{\"issuer\":\"https://id." + tenant
                        + ".example\",\"algorithm\":\"HS256\",\"highest_role\":\"owner\",\"secret\":\"" + JWT_SECRET
                        + tenant + "\"}",
                bearer);
        JsonNode share = sent(
                "POST",
                "/api/v1/reports/" + first.path("report_id").asText() + "/share-links",
                "{\"name\":\"" + mark + "\"}",
                bearer);
        JsonNode pending = sent(
                "POST", "/api/v1/invitations", "{\"email\":\"" + mark + "@example.com\",\"role\":\"viewer\"}", bearer);
        JsonNode invited = sent(
                "POST",
                "/api/v1/invitations",
                "{\"email\":\"somebody@" + mark + ".example\",\"role\":\"viewer\"}",
                bearer);
        Session member = accept(secretOf(invited.path("url").asText()), "\"name\":\"" + mark + "\",");
        return new Things(
                tenant,
                mark,
                secret,
                made.path("write_key").asText(),
                first.path("report_id").asText(),
                second.path("report_id").asText(),
                first.at("/widgets/0/widget_id")
                        .asText(first.at("/widgets/0/id").asText()),
                cohort.path("cohort_id").asText(cohort.path("id").asText()),
                key.path("key_id").asText(),
                issuer.path("issuer_id").asText(),
                pending.path("link_id").asText(),
                share.path("share_id").asText(),
                member.userId());
    }

    static String[] bearer(String credential) {
        return new String[] {"Authorization", "Bearer " + credential};
    }

    static String secretOf(String url) {
        return url.substring(url.indexOf("#link=") + "#link=".length());
    }

    JsonNode sent(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        Answer answer = send(method, path, body, headers);
        if (answer.status() >= 300) {
            throw new AssertionError(method + " " + path + " answers " + answer);
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : answer.json();
    }

    /** The first message of a WebSocket, which says its credential in its head. */
    String firstMessage(String path, String... headers)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<String> first = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        WebSocket.Builder opening = http.newWebSocketBuilder();
        for (int index = 0; index < headers.length; index += 2) {
            opening.header(headers[index], headers[index + 1]);
        }
        WebSocket socket = opening.buildAsync(
                        URI.create(server.running().url().toString().replace("http:", "ws:") + path),
                        new WebSocket.Listener() {
                            @Override
                            public @Nullable CompletionStage<?> onText(
                                    WebSocket from, CharSequence data, boolean last) {
                                text.append(data);
                                if (last) {
                                    first.complete(text.toString());
                                }
                                from.request(1);
                                return null;
                            }
                        })
                .get(30, TimeUnit.SECONDS);
        try {
            return first.get(30, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    /** Reads no more of a stream than its beginning. */
    Answer send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.running().url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            boolean endless =
                    response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
            String text = endless ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(response.statusCode(), text, response.headers());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
    }
}
