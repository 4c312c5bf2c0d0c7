package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets of every kind, used as they should be and as they should not, are in no log, the most talkative level included. */
@Timeout(300)
final class SecretsStaySecretTest {
    private static final String SHARE_PASSWORD = "open sesame 4711";
    private static final String CODE = "authorization-code-4711";
    private static final String WRONG_PASSWORD = "mistyped password 4711";

    @TempDir
    Path directory;

    @Test
    void noLogHoldsAnyOfThem() throws Exception {
        Map<String, String> secrets = new LinkedHashMap<>();
        try (AccessWorld world = new AccessWorld(directory)) {
            Logger own = (Logger) LoggerFactory.getLogger("dev.tidemark");
            Level before = own.getLevel();
            own.setLevel(Level.TRACE);
            try {
                plant(world, secrets);
            } finally {
                own.setLevel(before);
            }
        }
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(12);
        String logged = logged();
        assertThat(logged).as("something was logged at all").contains("signed in", "one-time link");
        secrets.forEach((kind, secret) -> {
            for (String form : List.of(
                    secret,
                    URLEncoder.encode(secret, StandardCharsets.UTF_8),
                    Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)))) {
                assertThat(logged).as(kind).doesNotContain(form);
            }
        });
    }

    private static void plant(AccessWorld world, Map<String, String> secrets) throws Exception {
        AccessWorld.Things acme = world.of(AccessWorld.ACME);
        Duration hour = Duration.ofHours(1);
        AccessWorld.Session owner = world.member(AccessWorld.ACME, "owner");
        String report = "/api/v1/reports/" + acme.report();
        secrets.put("secret key", acme.secretKey());
        secrets.put("write key", acme.writeKey());
        secrets.put("operator's key", world.operatorKey());
        secrets.put("embed token", world.embedToken(AccessWorld.ACME, acme.report(), Duration.ZERO, hour));
        secrets.put(
                "expired embed token", world.embedToken(AccessWorld.ACME, acme.report(), hour.multipliedBy(2), hour));
        secrets.put("JWT", world.jwt(AccessWorld.ACME, "owner", hour));
        secrets.put("password", AccessWorld.PASSWORD);
        secrets.put("mistyped password", WRONG_PASSWORD);
        secrets.put("session", owner.cookie().substring(owner.cookie().indexOf('=') + 1));
        secrets.put("CSRF token", owner.csrf());
        String url = world.sent(
                        "POST",
                        report + "/share-links",
                        "{\"name\":\"s\",\"password\":\"" + SHARE_PASSWORD + "\"}",
                        AccessWorld.bearer(acme.secretKey()))
                .path("url")
                .asText();
        secrets.put("share link", url.substring(url.indexOf('#') + 1).replaceAll("^[a-z]+=", ""));
        secrets.put("password of a share link", SHARE_PASSWORD);
        secrets.put("code of a provider", CODE);
        String invitation = world.sent(
                        "POST",
                        "/api/v1/invitations",
                        "{\"email\":\"new@example.com\",\"role\":\"viewer\"}",
                        AccessWorld.bearer(acme.secretKey()))
                .path("url")
                .asText();
        secrets.put("invitation", AccessWorld.secretOf(invitation));
        String rotated = world.sent("POST", "/api/v1/embed-secret/rotate", "", AccessWorld.bearer(acme.secretKey()))
                .path("embed_secret")
                .asText();
        if (!rotated.isEmpty()) {
            secrets.put("embed secret", rotated);
        }
        for (String secret : List.copyOf(secrets.values())) {
            everywhere(world, secret, report);
        }
        world.send(
                "POST",
                "/api/v1/session",
                "{\"email\":\"owner@acme.example\",\"password\":\"" + WRONG_PASSWORD + "\"}");
        world.send(
                "POST",
                "/api/v1/session",
                "{\"email\":\"owner@acme.example\",\"password\":\"" + AccessWorld.PASSWORD + "\"}");
        world.send("DELETE", "/api/v1/session", "", owner.changing());
    }

    /** In every place where somebody may put it, rightly or by mistake. */
    private static void everywhere(AccessWorld world, String secret, String report) throws Exception {
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String quoted = "\"" + secret + "\"";
        for (String[] head : new String[][] {
            {"Authorization", "Bearer " + secret},
            {"Authorization", "Bearer " + secret + "x"},
            {
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString((secret + ":").getBytes(StandardCharsets.UTF_8))
            },
            {"Authorization", secret},
            {"X-API-Key", secret},
            {"X-Write-Key", secret},
            {"Cookie", "tidemark_session=" + secret.replace(' ', '+')},
            {"X-CSRF-Token", secret}
        }) {
            world.send("GET", report, "", head);
            world.send("POST", "/api/v1/events", "{\"event_type\":\"e\"}", head);
            world.send("POST", "/api/v1/query", "{", head);
            world.send("GET", report + "/stream", "", head);
        }
        for (String path : List.of(
                "/embed" + report.substring("/api/v1".length()) + "?token=" + encoded,
                report + "?token=" + encoded,
                "/api/v1/nothing/" + encoded.replace("+", "%20") + "?key=" + encoded,
                "/v1/projects/" + encoded.replace("+", "%20") + "/settings",
                "/sign-in/oidc/callback?code=" + encoded + "&state=" + encoded,
                "/share?link=" + encoded)) {
            world.send("GET", path, "");
        }
        for (String body : List.of(
                "{\"link\":" + quoted + "}",
                "{\"link\":" + quoted + ",\"password\":" + quoted + "}",
                "{\"email\":" + quoted + ",\"password\":" + quoted + "}",
                "{\"" + secret + "\":" + quoted + "}",
                quoted,
                "{" + secret)) {
            for (String path : List.of(
                    "/api/v1/session",
                    "/api/v1/links/accept",
                    "/api/v1/links/inspect",
                    "/api/v1/share/open",
                    "/api/v1/events")) {
                world.send("POST", path, body);
            }
        }
    }

    private String logged() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory.resolve("data"))) {
            all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> !file.toString().contains("/journal/")
                            && !file.toString().contains("/processing/"))
                    .forEach(files::add);
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }
}
