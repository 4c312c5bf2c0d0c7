package dev.tidemark.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.Role;
import dev.tidemark.account.UserId;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators do with users, and users with their own sessions. */
final class UserRoutesTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    Path directory;

    private ServerFixture server;
    private Person root;

    /** Somebody who has signed in. */
    private record Person(String id, String cookie, String csrf) {}

    @BeforeEach
    void open() {
        server = new ServerFixture(directory);
        root = accept(server.signIn.setupSecret(), "root@example.com");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aSetupLinkIsGoodOnceAndOnlyTheNewest() {
        String earlier = server.signIn.setupSecret();
        String later = server.signIn.setupSecret();
        assertThat(tryLink(earlier, "a@example.com").statusCode()).isEqualTo(404);
        assertThat(tryLink(later, "a@example.com").statusCode()).isEqualTo(200);
        assertThat(tryLink(later, "b@example.com").statusCode()).isEqualTo(404);
        assertThat(server.signIn.firstSetup()).as("no further one is printed").isEmpty();
    }

    @Test
    void anAdministratorSeesEverybodyAndNobodyElseDoes() {
        Person ada = member("ada@example.com", Role.OWNER);
        JsonNode users =
                ServerFixture.json(ask(root, "GET", "/api/v1/server/users", "")).path("users");
        assertThat(users).hasSize(2);
        JsonNode seen = users.get(1);
        assertThat(seen.path("email").asText()).isEqualTo("ada@example.com");
        assertThat(seen.path("administrator").asBoolean()).isFalse();
        assertThat(seen.path("sessions").asInt()).isEqualTo(1);
        assertThat(seen.at("/tenants/0/role").asText()).isEqualTo("owner");
        assertThat(users.toString()).doesNotContain("argon2", "hash");
        assertThat(ask(ada, "GET", "/api/v1/server/users", "").statusCode()).isEqualTo(403);
        assertThat(ask(ada, "DELETE", "/api/v1/server/users/" + root.id, "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoIsDisabledIsOutAtOnceAndComesInNoWayUntilEnabled() {
        Person ada = member("ada@example.com", Role.EDITOR);
        assertThat(disable(ada, true).statusCode()).isEqualTo(200);
        assertThat(ask(ada, "GET", "/api/v1/session", "").statusCode()).isEqualTo(401);
        assertThat(signIn("ada@example.com").statusCode()).isEqualTo(401);
        String renewing = ServerFixture.json(server.send(
                        "POST",
                        "/api/v1/setup-links",
                        "{\"email\":\"ada@example.com\"}",
                        "Authorization",
                        "Bearer " + ServerFixture.OPERATOR))
                .path("url")
                .asText();
        assertThat(tryLink(renewing.replaceAll(".*#link=", ""), "").statusCode())
                .isEqualTo(401);
        String invitation = server.signIn
                .links()
                .invitation(ServerFixture.OTHER, Role.VIEWER, "ada@example.com")
                .secret();
        assertThat(tryLink(invitation, "").statusCode()).isEqualTo(401);
        assertThat(disable(ada, false).statusCode()).isEqualTo(200);
        assertThat(signIn("ada@example.com").statusCode()).isEqualTo(200);
        assertThat(ask(ada, "GET", "/api/v1/session", "").statusCode())
                .as("the old session")
                .isEqualTo(401);
    }

    @Test
    void theLastAdministratorAndTheLastOwnerStay() {
        assertThat(disable(root, true).statusCode()).isEqualTo(409);
        assertThat(ask(root, "DELETE", "/api/v1/server/users/" + root.id, "").statusCode())
                .isEqualTo(409);
        Person second = accept(server.signIn.setupSecret(), "second@example.com");
        assertThat(disable(second, true).statusCode()).isEqualTo(200);
        assertThat(ask(root, "DELETE", "/api/v1/server/users/" + root.id, "").statusCode())
                .as("the other one cannot sign in")
                .isEqualTo(409);
        Person ada = member("ada@example.com", Role.EDITOR);
        assertThat(ask(root, "DELETE", "/api/v1/server/users/" + ada.id, "").statusCode())
                .isEqualTo(204);
        assertThat(ask(ada, "GET", "/api/v1/session", "").statusCode()).isEqualTo(401);
        assertThat(signIn("ada@example.com").statusCode()).isEqualTo(401);
        assertThat(server.people.members(ServerFixture.ACME))
                .noneMatch(each -> each.user().value().equals(ada.id));
        assertThat(ask(root, "DELETE", "/api/v1/server/users/" + ada.id, "").statusCode())
                .isEqualTo(404);
        Person owner = member("owner@example.com", Role.EDITOR);
        server.people.put(ServerFixture.OTHER, new UserId(owner.id), Role.OWNER);
        server.people.remove(ServerFixture.OTHER, new UserId(root.id));
        assertThat(ask(root, "DELETE", "/api/v1/server/users/" + owner.id, "").statusCode())
                .isEqualTo(409);
    }

    @Test
    void aPersonSeesTheirSessionsAndEndsEachOrAllOthers() {
        Person ada = member("ada@example.com", Role.VIEWER);
        Person elsewhere = person(signIn("ada@example.com"));
        Person third = person(signIn("ada@example.com"));
        JsonNode sessions =
                ServerFixture.json(ask(ada, "GET", "/api/v1/sessions", "")).path("sessions");
        assertThat(sessions).hasSize(3);
        assertThat(sessions.get(1).path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(sessions.get(1).path("user_agent").asText()).isEqualTo("Lynx");
        assertThat(sessions.get(0).path("current").asBoolean()).isTrue();
        assertThat(sessions.get(1).path("current").asBoolean()).isFalse();
        assertThat(sessions.toString()).doesNotContain(elsewhere.cookie.replaceAll(".*=", ""));
        String name = sessions.get(1).path("session_id").asText();
        assertThat(ask(root, "DELETE", "/api/v1/sessions/" + name, "").statusCode())
                .as("of another")
                .isEqualTo(404);
        assertThat(ask(ada, "DELETE", "/api/v1/sessions/" + name, "").statusCode())
                .isEqualTo(204);
        assertThat(ask(elsewhere, "GET", "/api/v1/session", "").statusCode()).isEqualTo(401);
        assertThat(ask(ada, "DELETE", "/api/v1/sessions", "").statusCode()).isEqualTo(204);
        assertThat(ask(third, "GET", "/api/v1/session", "").statusCode()).isEqualTo(401);
        assertThat(ask(ada, "GET", "/api/v1/session", "").statusCode()).isEqualTo(200);
    }

    private Person member(String email, Role role) {
        return accept(
                server.signIn
                        .links()
                        .invitation(ServerFixture.ACME, role, email)
                        .secret(),
                "");
    }

    private HttpResponse<String> disable(Person person, boolean disabled) {
        return ask(root, "PATCH", "/api/v1/server/users/" + person.id, "{\"disabled\":" + disabled + "}");
    }

    private HttpResponse<String> signIn(String email) {
        return server.send(
                "POST",
                "/api/v1/session",
                "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}",
                "User-Agent",
                "Lynx");
    }

    private Person accept(String secret, String email) {
        return person(tryLink(secret, email));
    }

    private HttpResponse<String> tryLink(String secret, String email) {
        String who = email.isEmpty() ? "" : "\"email\":\"" + email + "\",";
        return server.send(
                "POST",
                "/api/v1/links/accept",
                "{\"link\":\"" + secret + "\"," + who + "\"password\":\"" + PASSWORD + "\"}");
    }

    private static Person person(HttpResponse<String> entered) {
        assertThat(entered.statusCode()).as(entered.body()).isEqualTo(200);
        JsonNode session = ServerFixture.json(entered);
        return new Person(
                session.at("/user/user_id").asText(),
                entered.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", ""),
                session.path("csrf_token").asText());
    }

    private HttpResponse<String> ask(Person person, String method, String path, String body) {
        return server.send(method, path, body, "Cookie", person.cookie, "X-CSRF-Token", person.csrf);
    }
}
