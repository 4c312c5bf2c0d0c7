package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.UuidV7;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    private static final TenantId ACME = ServerFixture.ACME;
    private static final String PASSWORD = "correct horse battery";
    private static final LogOf LOG = LogOf.tenant(ACME);

    @TempDir
    Path directory;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final AuditKey key = AuditKey.make(new SecureRandom());
    private MetadataDatabase database;
    private AuditLog log;

    @BeforeEach
    void open() {
        database = MetadataDatabase.open(directory.resolve("audit.db"));
        log = reopened();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyActIsAnEntryWithWhoAndWhatAndNoSecret() {
        try (ServerFixture server = new ServerFixture(directory)) {
            server.acts = new AuditedActs(log, server.time);
            new AuditRoutes(log).register(server.table);
            String secret = server.key(ACME, AccessKey.Kind.SECRET);
            String[] as = {"Authorization", "Bearer " + secret, "X-Correlation-ID", "the-cause"};
            server.send("PUT", "/api/v1/settings", "{\"retention_days\":30}", as);
            server.send("PUT", "/api/v1/settings", "{\"retention_days\":0}", as);
            JsonNode made = ServerFixture.json(
                    server.send("POST", "/api/v1/keys", "{\"kind\":\"write\",\"name\":\"site\"}", as));
            server.send("DELETE", "/api/v1/keys/" + made.path("key_id").asText(), "", as);
            server.send("POST", "/api/v1/embed-secret/rotate", "", as);
            server.send("POST", "/api/v1/reports", ServerFixture.REPORT, as);
            server.get("/api/v1/settings", secret);

            JsonNode entries =
                    ServerFixture.json(server.get("/api/v1/audit", secret)).path("entries");
            assertThat(entries.findValuesAsText("action"))
                    .containsExactly(
                            "PUT /api/v1/settings",
                            "PUT /api/v1/settings",
                            "POST /api/v1/keys",
                            "DELETE /api/v1/keys/:id",
                            "POST /api/v1/embed-secret/rotate",
                            "POST /api/v1/reports");
            JsonNode first = entries.get(0);
            assertThat(first.at("/before/retention_days").isNull()).isTrue();
            assertThat(first.at("/after/retention_days").asInt()).isEqualTo(30);
            assertThat(first.at("/actor/kind").asText()).isEqualTo("secret_key");
            assertThat(first.at("/actor/id").asText()).isNotEmpty();
            assertThat(first.path("address").asText()).isEqualTo("127.0.0.1");
            assertThat(first.path("outcome").asText()).isEqualTo("done");
            assertThat(entries.get(1).path("outcome").asText()).isEqualTo("refused");
            assertThat(entries.get(2).at("/made/key_id")).isEqualTo(made.path("key_id"));
            assertThat(entries.get(3).at("/before/name").asText()).isEqualTo("site");
            assertThat(entries.toString())
                    .doesNotContain(made.path("key").asText())
                    .doesNotContain(secret);
            String csv = server.get("/api/v1/audit/export?format=csv&cursor=4", secret)
                    .body();
            assertThat(csv.lines()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(csv).contains("embed-secret/rotate").doesNotContain("DELETE");
            assertThat(server.get("/api/v1/audit/verification", secret).body()).contains("\"whole\":true");
            JsonNode export = ServerFixture.json(server.get("/api/v1/audit?cursor=6", secret));
            assertThat(export.at("/entries/0/action").asText()).isEqualTo("GET /api/v1/audit/export");
            String other = server.key(ServerFixture.OTHER, AccessKey.Kind.SECRET);
            assertThat(server.get("/api/v1/audit", other).body()).isEqualTo("{\"entries\":[],\"next_cursor\":null}");
        }
    }

    @Test
    void whatIsDoneToTheServerStandsInItsLogAndInThatOfTheTenantItIsAbout() {
        try (ServerFixture server = new ServerFixture(directory)) {
            server.acts = new AuditedActs(log, server.time);
            new AuditRoutes(log).register(server.table);
            String secret = server.key(ACME, AccessKey.Kind.SECRET);
            String[] key = {"Authorization", "Bearer " + secret};
            String[] operator = {"Authorization", "Bearer " + ServerFixture.OPERATOR};
            server.send("POST", "/api/v1/tenants", "{\"tenant_id\":\"third\"}", operator);
            server.send("DELETE", "/api/v1/tenants/third", "", operator);
            String link = ServerFixture.json(server.send(
                            "POST", "/api/v1/invitations", "{\"email\":\"ada@example.com\",\"role\":\"editor\"}", key))
                    .path("url")
                    .asText()
                    .replaceAll(".*#link=", "");
            server.send(
                    "POST", "/api/v1/links/accept", "{\"link\":\"not-this-one\",\"password\":\"" + PASSWORD + "\"}");
            JsonNode session = ServerFixture.json(server.send(
                    "POST",
                    "/api/v1/links/accept",
                    "{\"link\":\"" + link + "\",\"name\":\"Ada L\",\"password\":\"" + PASSWORD + "\"}"));
            String user = session.at("/user/user_id").asText();
            server.send(
                    "POST", "/api/v1/session", "{\"email\":\"ada@example.com\",\"password\":\"wrong wrong wrong\"}");
            HttpResponse<String> entered = server.send(
                    "POST", "/api/v1/session", "{\"email\":\"ada@example.com\",\"password\":\"" + PASSWORD + "\"}");
            String cookie =
                    entered.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
            String[] ada = {
                "Cookie",
                cookie,
                "X-CSRF-Token",
                ServerFixture.json(entered).path("csrf_token").asText()
            };
            server.send("POST", "/api/v1/reports", ServerFixture.REPORT, ada);
            server.send("PATCH", "/api/v1/members/" + user, "{\"role\":\"viewer\"}", key);
            server.send("DELETE", "/api/v1/session", "", ada);

            JsonNode all = ServerFixture.json(server.send("GET", "/api/v1/server/audit", "", operator))
                    .path("entries");
            assertThat(all.findValuesAsText("action"))
                    .containsExactly(
                            "POST /api/v1/tenants",
                            "DELETE /api/v1/tenants/:tenant",
                            "POST /api/v1/links/accept",
                            "POST /api/v1/session",
                            "DELETE /api/v1/session");
            assertThat(all.get(0).at("/actor/kind").asText()).isEqualTo("operator");
            assertThat(all.get(0).at("/made/tenant_id").asText()).isEqualTo("third");
            assertThat(all.get(2).at("/after/user_id").asText()).isEqualTo(user);
            assertThat(all.get(3).at("/after/user_id").asText()).isEqualTo(user);
            assertThat(all.get(4).at("/actor/id").asText()).isEqualTo(user);
            assertThat(actions(LogOf.tenant(new TenantId("third"))))
                    .containsExactly("POST /api/v1/tenants", "DELETE /api/v1/tenants/:tenant");
            JsonNode own =
                    ServerFixture.json(server.get("/api/v1/audit", secret)).path("entries");
            assertThat(own.findValuesAsText("action"))
                    .containsExactly(
                            "POST /api/v1/invitations",
                            "POST /api/v1/links/accept",
                            "POST /api/v1/reports",
                            "PATCH /api/v1/members/:userId");
            assertThat(own.get(0).at("/made/link_id")).isEqualTo(own.get(1).at("/after/link_id"));
            assertThat(own.get(2).at("/actor/kind").asText()).isEqualTo("user");
            assertThat(own.get(2).at("/actor/role").asText()).isEqualTo("editor");
            assertThat(own.get(3).at("/target/userId").asText()).isEqualTo(user);
            assertThat(own.get(3).at("/before/role").asText()).isEqualTo("editor");
            assertThat(own.get(3).at("/after/role").asText()).isEqualTo("viewer");
            assertThat(all.toString() + own)
                    .doesNotContain(link, PASSWORD, "ada@example.com", "Ada L", cookie, ServerFixture.OPERATOR, secret);
            assertThat(server.get("/api/v1/server/audit", secret).statusCode()).isEqualTo(403);
            assertThat(log.verify(LogOf.SERVER)).isEqualTo(new AuditLog.Check.Whole(5, 1));
            assertThat(server.send("GET", "/api/v1/server/audit/verification", "", operator)
                            .body())
                    .contains("\"whole\":true");
        }
    }

    private List<String> actions(LogOf of) {
        return log.entries(of, 0, 100).stream()
                .map(entry -> JobStore.object(entry.text()).path("action").asText())
                .toList();
    }

    @Test
    void findsEveryEntryThatIsAlteredRemovedOrMoved() {
        fill(250);
        assertThat(log.verify(LOG)).isEqualTo(new AuditLog.Check.Whole(250, 3));
        for (int number : List.of(1, 2, 99, 100, 137, 250)) {
            broken("UPDATE audit_entries SET entry = replace(entry, 'act', 'fact') WHERE number = " + number);
            broken("DELETE FROM audit_entries WHERE number = " + number, number == 250);
        }
        broken("DELETE FROM audit_entries WHERE number > 180");
        broken("DELETE FROM audit_entries");
        broken("UPDATE audit_entries SET number = -number WHERE number IN (10, 11);"
                + "UPDATE audit_entries SET number = 21 + number WHERE number < 0");
        broken("UPDATE audit_heads SET signature = 'AAAA' WHERE number = 100");
        assertThat(log.verify(LOG)).isEqualTo(new AuditLog.Check.Whole(250, 3));
    }

    @Test
    void aChainThatSomebodyComputedAnewIsFoundByAHeadThatWasKeptElsewhere() {
        fill(5);
        AuditHead kept = log.head(LOG);
        List<AuditEntry> entries = log.entries(LOG, 0, 10);
        String before = AuditEntry.BEFORE_THE_FIRST;
        for (AuditEntry entry : entries) {
            String text = entry.text().replace("act 3", "nothing");
            before = AuditEntry.hash(before, entry.number(), text);
            run("UPDATE audit_entries SET entry = '" + text + "', hash = '" + before + "' WHERE number = "
                    + entry.number());
        }
        assertThat(log.verify(LOG)).isInstanceOf(AuditLog.Check.Whole.class);
        assertThat(log.verify(LOG, List.of(kept))).isInstanceOf(AuditLog.Check.Broken.class);
        AuditHead forged = new AuditHead(LOG, 5, before, kept.signedAtMillis(), kept.signature());
        assertThat(log.verify(LOG, List.of(forged))).isInstanceOf(AuditLog.Check.Broken.class);
    }

    @Test
    void anActThatACrashCutOffBecomesAnEntryWithAnUnknownEnd() {
        log.begin(LOG, JsonNodeFactory.instance.objectNode().put("action", "cut off"));
        assertThat(log.entries(LOG, 0, 10)).isEmpty();

        List<AuditEntry> entries = reopened().entries(LOG, 0, 10);
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().text()).contains("cut off", "unknown");
        assertThat(reopened().entries(LOG, 0, 10)).hasSize(1);
    }

    @Test
    void aHeadIsSignedOnEachDayThatHasAnEntry() {
        for (int day = 0; day < 3; day++) {
            fill(2);
            time.advance(Duration.ofDays(1));
        }
        assertThat(log.verify(LOG)).isEqualTo(new AuditLog.Check.Whole(6, 3));
    }

    private void fill(int count) {
        for (int number = 1; number <= count; number++) {
            var act = JsonNodeFactory.instance.objectNode().put("action", "act " + number);
            log.end(LOG, log.begin(LOG, act), act);
        }
    }

    private void broken(String sql) {
        broken(sql, false);
    }

    /** Tampers, looks, and undoes it. The last entry is only missed by a head that is newer than it. */
    private void broken(String sql, boolean unsigned) {
        run("CREATE TABLE kept AS SELECT * FROM audit_entries;CREATE TABLE kept_heads AS SELECT * FROM audit_heads");
        AuditHead now = log.head(LOG);
        run(sql);
        assertThat(unsigned ? log.verify(LOG, List.of(now)) : log.verify(LOG))
                .as(sql)
                .isInstanceOf(AuditLog.Check.Broken.class);
        run("DELETE FROM audit_entries;INSERT INTO audit_entries SELECT * FROM kept;DROP TABLE kept;"
                + "DELETE FROM audit_heads;INSERT INTO audit_heads SELECT * FROM kept_heads;DROP TABLE kept_heads");
    }

    private void run(String sql) {
        for (String statement : sql.split(";")) {
            int _ = database.write(handle -> handle.execute(statement));
        }
    }

    private AuditLog reopened() {
        return new AuditLog(database, key, time, new UuidV7(time, new Random(3)));
    }
}
