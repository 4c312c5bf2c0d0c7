package dev.tidemark.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.SessionCookie;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who come in, by every door there is, and those who must stay outside. */
final class SignInTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String OTHER_PASSWORD = "staple of another horse";

    @TempDir
    Path directory;

    private ServerFixture server;

    @BeforeEach
    void open() {
        server = new ServerFixture(directory);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theFirstLinkMakesAnAdministratorWhoOwnsWhatNobodyOwns() {
        String link = server.signIn.firstSetup().orElseThrow();
        Session root = accepted(link, "root@example.com");
        JsonNode session = json(get("/api/v1/session", root));
        assertThat(session.at("/user/administrator").asBoolean()).isTrue();
        assertThat(session.path("tenants").findValuesAsText("tenant_id")).containsExactly("acme", "other");
        assertThat(session.path("tenants").findValuesAsText("role")).containsOnly("owner");
        assertThat(server.signIn.firstSetup()).isEmpty();
        assertThat(accept(link, "second@example.com").statusCode()).as("used").isEqualTo(404);
        Session second = accepted(server.signIn.setupSecret(), "second@example.com");
        assertThat(json(get("/api/v1/session", second)).path("tenants")).isEmpty();
        assertThat(get("/api/v1/tenants", second).statusCode()).isEqualTo(200);
    }

    @Test
    void aLinkIsGoodOnceForItsTimeAndUntilAnotherTakesItsPlace() {
        String first = server.signIn.setupSecret();
        String second = server.signIn.setupSecret();
        assertThat(accept(first, "a@example.com").statusCode()).isEqualTo(404);
        server.time.advance(Duration.ofHours(24));
        assertThat(accept(second, "a@example.com").statusCode()).isEqualTo(404);
        assertThat(accept("x".repeat(43), "a@example.com").statusCode()).isEqualTo(404);
        String stored = server.database.read(handle -> handle.createQuery("SELECT link_hash FROM one_time_links")
                .mapTo(String.class)
                .list()
                .toString());
        assertThat(stored).doesNotContain(second);
    }

    @Test
    void aBadAnswerLeavesTheLinkGood() {
        String link = server.signIn.setupSecret();
        assertThat(send(
                                "/api/v1/links/accept",
                                "{\"link\":\"" + link + "\",\"email\":\"a@example.com\",\"password\":\"short\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(
                                "/api/v1/links/accept",
                                "{\"link\":\"" + link + "\",\"email\":\"nonsense\",\"password\":\"" + PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(accept(link, "a@example.com").statusCode()).isEqualTo(200);
    }

    @Test
    void theCookieIsForThisServerAloneAndNoScript() {
        HttpResponse<String> answer = accept(server.signIn.setupSecret(), "root@example.com");
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Domain", "Secure");
        String value = cookie.replaceAll("^[^=]*=|;.*", "");
        String stored = server.database.read(handle -> handle.createQuery("SELECT session_hash FROM sessions")
                .mapTo(String.class)
                .list()
                .toString());
        assertThat(stored).hasSizeGreaterThan(60).doesNotContain(value);
        assertThat(SessionCookie.keep("v", Duration.ofHours(1), true))
                .startsWith("__Host-")
                .endsWith("; Secure");
    }

    @Test
    void whoIsRefusedLearnsNothing() {
        accepted(server.signIn.setupSecret(), "root@example.com");
        HttpResponse<String> wrong = signIn("root@example.com", OTHER_PASSWORD);
        HttpResponse<String> unknown = signIn("nobody@example.com", OTHER_PASSWORD);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(json(wrong).path("detail")).isEqualTo(json(unknown).path("detail"));
        assertThat(signIn(" ROOT@example.com", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void tooManyAttemptsAreTooManyForKnownAndUnknownAccountsAlike() {
        accepted(server.signIn.setupSecret(), "root@example.com");
        for (String email : List.of("root@example.com", "nobody@example.com")) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(signIn(email, OTHER_PASSWORD).statusCode()).isEqualTo(401);
            }
            HttpResponse<String> over = signIn(email, email.startsWith("root") ? PASSWORD : OTHER_PASSWORD);
            assertThat(over.statusCode()).isEqualTo(429);
        }
        server.time.advance(Duration.ofMinutes(15));
        assertThat(signIn("root@example.com", PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void onlyAPageOfThisServerThatKnowsTheTokenChangesAnything() {
        Session root = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        String body = "{\"kind\":\"write\"}";
        assertThat(post(body, "Cookie", root.cookie, "X-Tenant-ID", "acme")).isEqualTo(403);
        assertThat(post(body, "Cookie", root.cookie, "X-Tenant-ID", "acme", "X-CSRF-Token", "guessed"))
                .isEqualTo(403);
        assertThat(post(
                        body,
                        "Cookie",
                        root.cookie,
                        "X-Tenant-ID",
                        "acme",
                        "X-CSRF-Token",
                        root.csrf,
                        "Origin",
                        "https://evil.example"))
                .isEqualTo(403);
        assertThat(post(
                        body,
                        "Cookie",
                        root.cookie,
                        "X-Tenant-ID",
                        "acme",
                        "X-CSRF-Token",
                        root.csrf,
                        "Origin",
                        "null"))
                .isEqualTo(403);
        assertThat(post(
                        body,
                        "Cookie",
                        root.cookie,
                        "X-Tenant-ID",
                        "acme",
                        "X-CSRF-Token",
                        root.csrf,
                        "Sec-Fetch-Site",
                        "cross-site"))
                .isEqualTo(403);
        assertThat(post(
                        body,
                        "Cookie",
                        root.cookie,
                        "X-Tenant-ID",
                        "acme",
                        "X-CSRF-Token",
                        root.csrf,
                        "Origin",
                        server.origin()))
                .isEqualTo(201);
        assertThat(server.send(
                                "POST",
                                "/api/v1/session",
                                "{\"email\":\"root@example.com\",\"password\":\"" + PASSWORD + "\"}",
                                "Origin",
                                "https://evil.example")
                        .statusCode())
                .as("nobody is signed in by another site's page")
                .isEqualTo(403);
    }

    @Test
    void aSessionEndsWhenItIsLeftIdleOrOld() {
        Session left = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        Session other = signedIn("root@example.com");
        assertThat(delete("/api/v1/session", left)).isEqualTo(204);
        assertThat(get("/api/v1/session", left).statusCode()).isEqualTo(401);
        assertThat(get("/api/v1/session", other).statusCode()).isEqualTo(200);
        server.time.advance(Duration.ofHours(12));
        assertThat(get("/api/v1/session", other).statusCode()).as("idle").isEqualTo(401);
        Session used = signedIn("root@example.com");
        for (int hours = 0; hours < 14 * 24; hours += 6) {
            assertThat(get("/api/v1/session", used).statusCode())
                    .as("after " + hours)
                    .isEqualTo(200);
            server.time.advance(Duration.ofHours(6));
        }
        assertThat(get("/api/v1/session", used).statusCode()).as("old").isEqualTo(401);
    }

    @Test
    void signingOutEverywhereAndANewPasswordEndTheOtherSessions() {
        Session first = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        Session second = signedIn("root@example.com");
        String change = "{\"current_password\":\"%s\",\"new_password\":\"" + OTHER_PASSWORD + "\"}";
        assertThat(post("/api/v1/session/password", change.formatted("wrong wrong wrong"), first)
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/session/password", change.formatted(PASSWORD), first)
                        .statusCode())
                .isEqualTo(204);
        assertThat(get("/api/v1/session", first).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/session", second).statusCode()).isEqualTo(401);
        assertThat(signIn("root@example.com", PASSWORD).statusCode()).isEqualTo(401);
        HttpResponse<String> again = signIn("root@example.com", OTHER_PASSWORD);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(delete("/api/v1/session?everywhere=true", first)).isEqualTo(204);
        assertThat(get("/api/v1/session", Session.of(again)).statusCode()).isEqualTo(401);
    }

    @Test
    void aForgottenPasswordIsRenewedByALinkOfTheOperator() {
        Session session = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        HttpResponse<String> made = server.send(
                "POST",
                "/api/v1/setup-links",
                "{\"email\":\"root@example.com\"}",
                "Authorization",
                "Bearer " + ServerFixture.OPERATOR);
        String link = secretOf(json(made));
        HttpResponse<String> accepted =
                send("/api/v1/links/accept", "{\"link\":\"" + link + "\",\"password\":\"" + OTHER_PASSWORD + "\"}");
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/session", session).statusCode()).isEqualTo(401);
        assertThat(signIn("root@example.com", OTHER_PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void anInvitationGivesItsRoleInItsTenantAndNothingElse() {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        HttpResponse<String> invited = post(
                "/api/v1/invitations",
                "{\"email\":\"Ada@Example.com\",\"role\":\"viewer\"}",
                owner,
                "X-Tenant-ID",
                "acme");
        String link = secretOf(json(invited));
        JsonNode seen = json(send("/api/v1/links/inspect", "{\"link\":\"" + link + "\"}"));
        assertThat(seen.path("email").asText()).isEqualTo("ada@example.com");
        assertThat(seen.path("known").asBoolean()).isFalse();
        Session ada = accepted(link, "somebody-else@example.com");
        JsonNode session = json(get("/api/v1/session", ada));
        assertThat(session.at("/user/email").asText()).as("the link says who").isEqualTo("ada@example.com");
        assertThat(session.path("tenants").toString()).isEqualTo("[{\"tenant_id\":\"acme\",\"role\":\"viewer\"}]");
        assertThat(get("/api/v1/reports", ada).statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/keys", ada).statusCode()).isEqualTo(403);
        assertThat(get("/api/v1/reports", ada, "X-Tenant-ID", "other").statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/tenants", ada).statusCode()).isEqualTo(403);
    }

    @Test
    void anInvitationOfSomebodyWhoIsKnownNeedsTheirPassword() {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        server.accounts.createTenant(new TenantId("third"), "");
        String key = server.key(new TenantId("third"), AccessKey.Kind.SECRET);
        HttpResponse<String> invited = server.send(
                "POST",
                "/api/v1/invitations",
                "{\"email\":\"root@example.com\",\"role\":\"editor\"}",
                "Authorization",
                "Bearer " + key);
        String link = secretOf(json(invited));
        assertThat(send("/api/v1/links/accept", "{\"link\":\"" + link + "\",\"password\":\"" + OTHER_PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/api/v1/reports", owner, "X-Tenant-ID", "third").statusCode())
                .isEqualTo(403);
        assertThat(accept(link, "").statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/reports", owner, "X-Tenant-ID", "third").statusCode())
                .isEqualTo(200);
    }

    @Test
    void nobodyGivesOrTakesMoreThanTheyHave() {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        Session admin = member(owner, "admin@example.com", "admin");
        String ownerId = json(get("/api/v1/session", owner)).at("/user/user_id").asText();
        assertThat(post("/api/v1/invitations", "{\"email\":\"x@example.com\",\"role\":\"owner\"}", admin)
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/api/v1/keys", "{\"kind\":\"secret\",\"scopes\":[\"tenant:manage\"]}", admin)
                        .statusCode())
                .isEqualTo(403);
        assertThat(delete("/api/v1/members/" + ownerId, admin)).isEqualTo(403);
        JsonNode key = json(post("/api/v1/keys", "{\"kind\":\"secret\"}", admin));
        assertThat(key.path("scopes").toString()).contains("reports:edit").doesNotContain("tenant:manage");
        assertThat(server.get("/api/v1/settings", key.path("key").asText()).statusCode())
                .isEqualTo(200);
        assertThat(server.send(
                                "POST",
                                "/api/v1/embed-secret/rotate",
                                "",
                                "X-API-Key",
                                key.path("key").asText())
                        .statusCode())
                .isEqualTo(403);
        assertThat(delete("/api/v1/members/" + ownerId, owner, "X-Tenant-ID", "acme"))
                .as("the last owner")
                .isEqualTo(409);
    }

    @Test
    void aClosedTenantIsClosedForItsMembersToo() {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        Session viewer = member(owner, "viewer@example.com", "viewer");
        server.accounts.closeTenant(ServerFixture.ACME, true);
        assertThat(get("/api/v1/reports", viewer).statusCode()).isEqualTo(403);
        assertThat(json(get("/api/v1/session", viewer)).path("tenants")).isEmpty();
        server.accounts.closeTenant(ServerFixture.ACME, false);
        assertThat(get("/api/v1/reports", viewer).statusCode()).isEqualTo(200);
    }

    @Test
    void aPersonOfTwoTenantsWorksInTheOneThatIsChosenOrNamed() {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        assertThat(get("/api/v1/reports", owner).statusCode()).as("which?").isEqualTo(403);
        assertThat(server.send(
                                "PATCH",
                                "/api/v1/session",
                                "{\"tenant_id\":\"other\"}",
                                "Cookie",
                                owner.cookie,
                                "X-CSRF-Token",
                                owner.csrf)
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/reports", owner).statusCode()).isEqualTo(200);
        assertThat(server.send(
                                "PATCH",
                                "/api/v1/session",
                                "{\"tenant_id\":\"third\"}",
                                "Cookie",
                                owner.cookie,
                                "X-CSRF-Token",
                                owner.csrf)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aRestrictedReportIsThereForThoseWhoAreNamed() throws Exception {
        Session owner = accepted(server.signIn.firstSetup().orElseThrow(), "root@example.com");
        Session viewer = member(owner, "viewer@example.com", "viewer");
        Session editor = member(owner, "editor@example.com", "editor");
        String viewerId =
                json(get("/api/v1/session", viewer)).at("/user/user_id").asText();
        String report = "/api/v1/reports/"
                + server.reports
                        .create(ServerFixture.ACME, ServerFixture.JSON.readTree(ServerFixture.REPORT))
                        .id();
        grant(report, "{\"user_id\":\"" + viewerId + "\",\"level\":\"view\"}");
        assertThat(get(report, viewer).statusCode()).isEqualTo(200);
        assertThat(get(report, editor).statusCode()).as("as if there were none").isEqualTo(404);
        assertThat(get(report, owner, "X-Tenant-ID", "acme").statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/reports", editor).body()).doesNotContain("Overview");
        assertThat(put(report, viewer)).isEqualTo(403);
        grant(report, "{\"user_id\":\"" + viewerId + "\",\"level\":\"edit\"},{\"role\":\"editor\",\"level\":\"view\"}");
        assertThat(put(report, viewer)).as("named to edit, whatever the role").isEqualTo(200);
        assertThat(put(report, editor)).isEqualTo(403);
        assertThat(get(report + "/embed", editor).statusCode()).isEqualTo(403);
        grant(report, "");
        assertThat(put(report, editor)).isEqualTo(200);
        assertThat(put(report, viewer)).isEqualTo(403);
    }

    private void grant(String report, String grants) {
        assertThat(server.send(
                                "PUT",
                                report + "/grants",
                                "{\"grants\":[" + grants + "]}",
                                "X-API-Key",
                                server.key(ServerFixture.ACME, AccessKey.Kind.SECRET))
                        .statusCode())
                .isEqualTo(200);
    }

    private int put(String report, Session session) {
        return server.send("PUT", report, ServerFixture.REPORT, "Cookie", session.cookie, "X-CSRF-Token", session.csrf)
                .statusCode();
    }

    private Session member(Session owner, String email, String role) {
        HttpResponse<String> invited = post(
                "/api/v1/invitations",
                "{\"email\":\"" + email + "\",\"role\":\"" + role + "\"}",
                owner,
                "X-Tenant-ID",
                "acme");
        return accepted(secretOf(json(invited)), "");
    }

    private record Session(String cookie, String csrf) {
        static Session of(HttpResponse<String> answer) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return new Session(
                    answer.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", ""),
                    json(answer).path("csrf_token").asText());
        }
    }

    private Session accepted(String link, String email) {
        return Session.of(accept(link, email));
    }

    private HttpResponse<String> accept(String link, String email) {
        return send(
                "/api/v1/links/accept",
                "{\"link\":\"" + link + "\",\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}");
    }

    private Session signedIn(String email) {
        return Session.of(signIn(email, PASSWORD));
    }

    private HttpResponse<String> signIn(String email, String password) {
        return send("/api/v1/session", "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}");
    }

    private HttpResponse<String> send(String path, String body) {
        return server.send("POST", path, body);
    }

    private int post(String body, String... headers) {
        return server.send("POST", "/api/v1/keys", body, headers).statusCode();
    }

    private HttpResponse<String> post(String path, String body, Session session, String... more) {
        return server.send("POST", path, body, headers(session, more));
    }

    private HttpResponse<String> get(String path, Session session, String... more) {
        return server.send("GET", path, "", headers(session, more));
    }

    private int delete(String path, Session session, String... more) {
        return server.send("DELETE", path, "", headers(session, more)).statusCode();
    }

    private static String[] headers(Session session, String... more) {
        String[] all = Arrays.copyOf(more, more.length + 4);
        all[more.length] = "Cookie";
        all[more.length + 1] = session.cookie;
        all[more.length + 2] = "X-CSRF-Token";
        all[more.length + 3] = session.csrf;
        return all;
    }

    private static String secretOf(JsonNode made) {
        return made.path("url").asText().replaceAll(".*#link=", "");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return ServerFixture.json(answer);
    }
}
