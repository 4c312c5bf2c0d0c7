package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.Permission;
import dev.tidemark.base.Person;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.JournalRecord;
import dev.tidemark.process.Quarantine;
import dev.tidemark.store.RollupTruth;
import dev.tidemark.store.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EraserTest {
    private static final String ADA = "planted-ada-7301";

    @TempDir
    Path directory;

    private GovernFixture with;

    @BeforeEach
    void open() {
        with = new GovernFixture(directory);
        fill();
    }

    @AfterEach
    void close() {
        with.close();
    }

    @Test
    void nothingOfThePersonIsLeftAnywhereAndNothingOfOthersIsMissing() throws IOException {
        assertThat(places()).as("the search finds what is there").contains("events", "letters", "profiles", "journal");
        long others = with.count(Table.EVENTS, "countIf(user_id = 'bob')");

        JsonNode done = erase();

        assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("done");
        assertThat(done.at("/progress/events").asLong()).isEqualTo(7);
        assertThat(done.at("/progress/dead_letters").asLong()).isEqualTo(2);
        assertThat(done.at("/progress/anonymous_ids").asLong()).isEqualTo(1);
        assertThat(done.toString()).doesNotContain(ADA);
        with.ok("POST", "/api/v1/events", "{'event_type':'next','user_id':'bob'}");
        with.settle();
        with.processor.purge(with.tenant, with.journal.endOffset(0) - 1);
        assertThat(places()).isEmpty();
        assertThat(filesWith(ADA))
                .allMatch(file -> file.getFileName().toString().startsWith("MANIFEST"));
        assertThat(with.count(Table.EVENTS, "countIf(user_id = 'bob' AND event_type != 'next')"))
                .as("all but the alias that names the person")
                .isEqualTo(others - 1);
        assertThat(with.count(Table.EVENTS, "countIf(anonymous_id = 'shared')")).isEqualTo(2);
        assertThat(with.forgotten).contains(with.tenant);
        assertThat(list()).containsExactly("letter-bob");
        with.close();
        Quarantine.open(directory.resolve("process"), TimeSource.system()).close();
        assertThat(filesWith(ADA)).isEmpty();
        with = new GovernFixture(directory.resolve("again"));
    }

    @Test
    void theRollupsAreThoseOfTheEventsThatAreLeft() {
        erase();
        RollupTruth.assertRollupsFitTheEvents(with.store, with.tenant, Table.ROLLUP_HOUR);
    }

    @Test
    void everyStepCanBeRepeatedAndAnotherRunGoesOnWhereOneEnded() {
        String id = with.ok("DELETE", "/api/v1/users/" + ADA, "").path("job_id").asText();
        Eraser eraser = new Eraser(with.store, with.upkeep, with.processor, with.collector, _ -> {}, with.server.time);
        for (int round = 0; round < 100; round++) {
            Job job = with.jobs
                    .find(with.tenant, id, EnumSet.allOf(Permission.class))
                    .orElseThrow();
            if (job.state() == Job.State.DONE) {
                break;
            }
            JobWork.Advance _ = eraser.advance(job);
            Jobs next = new Jobs(with.database, with.server.time, with.ids);
            next.does(eraser);
            with.server.time.advance(java.time.Duration.ofMinutes(2));
            boolean _ = next.round();
        }
        assertThat(with.get("/api/v1/jobs/" + id).path("state").asText()).isEqualTo("done");
        String other = with.ok("POST", "/api/v1/keys", "{'kind':'secret','scopes':['status:read','dead_letters:read']}")
                .path("key")
                .asText();
        assertThat(with.server.get("/api/v1/jobs/" + id, other).statusCode()).isEqualTo(404);
        assertThat(with.server.get("/api/v1/jobs", other).body()).isEqualTo("{\"jobs\":[]}");
        assertThat(with.count(Table.EVENTS, "countIf(user_id = '" + ADA + "' OR anonymous_id = 'own')"))
                .isZero();
        RollupTruth.assertRollupsFitTheEvents(with.store, with.tenant, Table.ROLLUP_HOUR);
    }

    @Test
    void whoComesBackIsSomebodyNew() {
        erase();
        with.ok("POST", "/api/v1/events", "{'event_type':'view','user_id':'" + ADA + "'}");
        with.settle();

        assertThat(with.count(Table.EVENTS, "countIf(user_id = '" + ADA + "' AND empty(user_str))"))
                .isEqualTo(1);
        JsonNode job = erase();
        assertThat(job.at("/progress/events").asLong()).isEqualTo(1);
        assertThat(erase().at("/progress/events").asLong()).isZero();
    }

    @Test
    void theExportHoldsAllThatIsKeptAndNothingOfOthers() {
        JsonNode export = with.get("/api/v1/users/" + ADA + "/export");

        assertThat(export.path("anonymous_ids").toString()).isEqualTo("[\"own\"]");
        assertThat(export.path("events")).hasSize(6);
        assertThat(export.at("/profile/0/user_str/mail").asText()).isEqualTo(ADA + "@example.org");
        assertThat(export.path("dead_letters").findValuesAsText("dead_letter_id"))
                .containsExactlyInAnyOrder("letter-ada", "letter-own");
        assertThat(export.toString()).doesNotContain("bob");
        assertThat(export.at("/events/0/timestamp").asText()).isEqualTo("2026-01-31T23:59:59.000Z");

        erase();
        JsonNode after = with.get("/api/v1/users/" + ADA + "/export");
        assertThat(after.path("events")).isEmpty();
        assertThat(after.path("profile")).isEmpty();
        assertThat(after.path("dead_letters")).isEmpty();
    }

    @Test
    void anIdThatMaskingHashedIsErasedByItsPlainForm() {
        with.settings("{'masking':[{'field':'user_id','action':'hash'}]}");
        with.ok("POST", "/api/v1/events", "{'event_type':'view','user_id':'secret-name'}");
        with.settle();
        assertThat(with.get("/api/v1/users/secret-name/export").path("events")).hasSize(1);

        String id = with.ok("DELETE", "/api/v1/users/secret-name", "")
                .path("job_id")
                .asText();
        assertThat(with.finish(id).at("/progress/events").asLong()).isEqualTo(1);
    }

    @Test
    void anotherTenantsPersonOfThatIdStays() {
        String other = with.server.key(ServerFixture.OTHER, dev.tidemark.account.AccessKey.Kind.SECRET);
        assertThat(with.server.get("/api/v1/users/" + ADA + "/export", other).body())
                .doesNotContain("@example.org");
        with.server.send("DELETE", "/api/v1/users/" + ADA, "", "X-API-Key", other);
        for (int round = 0; round < 20; round++) {
            with.server.time.advance(java.time.Duration.ofMinutes(2));
            boolean _ = with.jobs.round();
        }
        assertThat(with.count(Table.EVENTS, "countIf(user_id = '" + ADA + "')")).isEqualTo(4);
    }

    private JsonNode erase() {
        return with.finish(
                with.ok("DELETE", "/api/v1/users/" + ADA, "").path("job_id").asText());
    }

    private void fill() {
        with.ok("POST", "/api/v1/schemas", "{'event_type':'order','mode':'enforce','schema':{'required':['amount']}}");
        with.ok("POST", "/api/v1/events", """
                {'batch':[
                 {'event_type':'view','anonymous_id':'own','timestamp':'2026-01-31T23:59:59Z'},
                 {'event_type':'view','anonymous_id':'own','timestamp':'2026-03-01T10:00:00Z','session_id':'s1'},
                 {'event_type':'view','anonymous_id':'shared','timestamp':'2026-03-01T10:00:00Z'},
                 {'event_type':'identify','user_id':'@','anonymous_id':'own','traits':{'mail':'@@example.org'}},
                 {'event_type':'view','user_id':'@','anonymous_id':'own','timestamp':'2026-03-01T10:00:30Z'},
                 {'event_type':'view','user_id':'@','anonymous_id':'shared','timestamp':'2026-03-01T10:01:00Z'},
                 {'event_type':'buy','user_id':'@','timestamp':'2026-02-14T10:01:00Z'},
                 {'event_type':'alias','user_id':'bob','properties':{'previous_id':'@'}},
                 {'event_type':'view','user_id':'bob','anonymous_id':'shared','timestamp':'2026-03-01T10:01:00Z'},
                 {'event_type':'identify','user_id':'bob','traits':{'mail':'bob@example.org'}},
                 {'event_type':'order','event_id':'letter-ada','user_id':'@'},
                 {'event_type':'order','event_id':'letter-own','anonymous_id':'own'},
                 {'event_type':'order','event_id':'letter-bob','user_id':'bob'}]}""".replace("'@'", "'" + ADA + "'").replace("'@@", "'" + ADA + "@"));
        with.settle();
        with.store.insert(with.store.encodeCohortMembers(
                "list-" + with.tenant,
                with.tenant,
                "list",
                List.of(Person.ofUser(ADA), Person.ofAnonymous("own"), Person.ofUser("bob"))));
    }

    /** Where the id or the number of the person stands. */
    private Set<String> places() {
        Set<String> places = new TreeSet<>();
        for (Table table : List.of(Table.EVENTS, Table.DEAD_LETTERS, Table.PROFILES)) {
            if (with.count(table, "countIf(position(toString(tuple(*)), '" + ADA + "') > 0)") > 0) {
                places.add(table.sqlName());
            }
        }
        if (with.count(Table.COHORT_MEMBERS, "countIf(toInt64(person) = " + Person.ofUser(ADA) + ")") > 0) {
            places.add("members");
        }
        for (JournalRecord record : with.journal.read(0, with.journal.beginOffset(0), 10_000)) {
            if (new String(record.bytes(), StandardCharsets.UTF_8).contains(ADA)) {
                places.add("journal");
            }
        }
        return places;
    }

    private List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("tidemark.db"))
                    .filter(file -> !file.toString().contains("govern.db"))
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> list() {
        return with.get("/api/v1/dead-letters").path("dead_letters").findValuesAsText("id");
    }
}
