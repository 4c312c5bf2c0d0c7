package dev.tidemark.govern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Deletion;
import dev.tidemark.store.LetterMark;
import dev.tidemark.store.Retention;
import dev.tidemark.store.Table;
import dev.tidemark.store.Upkeep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplaysTest {
    private static final String STRICT = """
            {'event_type':'order','mode':'enforce','schema':{'type':'object','required':['amount'],
             'properties':{'amount':{'type':'number'}}}}""";

    @TempDir
    Path directory;

    private GovernFixture with;

    @BeforeEach
    void open() {
        with = new GovernFixture(directory);
    }

    @AfterEach
    void close() {
        with.close();
    }

    @Test
    void aCorrectedLetterBecomesAnEventOnceHoweverOftenItIsReplayed() {
        rejectedOrder("o-1");
        String correction =
                "{'payload':{'event_type':'order','timestamp':'2026-03-01T11:00:00Z','properties':{'amount':7}}}";

        JsonNode first = with.ok("POST", "/api/v1/dead-letters/o-1/replay", correction);
        JsonNode second = with.ok("POST", "/api/v1/dead-letters/o-1/replay", correction);
        with.settle();

        assertThat(first.path("outcome").asText()).isEqualTo("accepted");
        assertThat(second.path("outcome").asText()).isEqualTo("already_replayed");
        assertThat(with.count(Table.EVENTS, "count()")).isEqualTo(1);
        assertThat(with.ask(Table.EVENTS, "any(event_id)").textAt(0, 0)).isEqualTo("o-1");
        JsonNode letter = with.get("/api/v1/dead-letters/o-1");
        assertThat(letter.path("state").asText()).isEqualTo("replayed");
        assertThat(letter.path("outcome").asText()).isEqualTo("accepted");
        assertThat(letter.path("tried_at").asText()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(list("")).isEmpty();
        assertThat(list("?state=replayed")).containsExactly("o-1");
    }

    @Test
    void aCrashBetweenTheJournalAndTheMarkDoesNoHarmEvenDaysLater() {
        rejectedOrder("o-1");
        String correction =
                "{\"event_type\":\"order\",\"timestamp\":\"2026-03-02T11:59:00Z\",\"properties\":{\"amount\":7}}";
        Replays crashing = new Replays(with.letters, with.collector, new Crashing(), _ -> 0, with.server.time);
        assertThatThrownBy(() -> crashing.one(with.tenant, "o-1", correction)).hasMessage("crash");
        with.settle();
        assertThat(with.get("/api/v1/dead-letters/o-1").path("state").asText()).isEqualTo("open");
        assertThat(with.count(Table.EVENTS, "count()")).isEqualTo(1);

        with.server.time.advance(Duration.ofDays(3));
        assertThat(with.replays
                        .one(with.tenant, "o-1", correction)
                        .path("outcome")
                        .asText())
                .isEqualTo("duplicate");
        with.settle();

        assertThat(with.get("/api/v1/dead-letters/o-1").path("state").asText()).isEqualTo("replayed");
        assertThat(with.count(Table.EVENTS, "count()")).isEqualTo(1);
        assertThat(with.count(Table.ROLLUP_HOUR, "sum(events)")).isEqualTo(1);
    }

    @Test
    void nothingIsReplayedWhileTheStoreIsBehind() {
        rejectedOrder("o-1");
        with.lag = _ -> 61;

        assertThat(with.send("POST", "/api/v1/dead-letters/o-1/replay", "").statusCode())
                .isEqualTo(503);
        assertThat(with.get("/api/v1/dead-letters/o-1").path("attempts").asInt())
                .isZero();
    }

    @Test
    void aLetterThatIsStillWrongStaysWithItsNewReason() {
        rejectedOrder("o-1");
        with.ok("POST", "/api/v1/schemas", STRICT.replace("amount", "total"));

        JsonNode answer = with.ok("POST", "/api/v1/dead-letters/o-1/replay", "");

        assertThat(answer.path("outcome").asText()).isEqualTo("refused");
        assertThat(answer.path("field").asText()).isEqualTo("properties.total");
        JsonNode letter = with.get("/api/v1/dead-letters/o-1");
        assertThat(letter.path("state").asText()).isEqualTo("open");
        assertThat(letter.path("field").asText()).isEqualTo("properties.total");
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aWrongCorrectionLeavesTheLetterItsOwnReason() {
        rejectedOrder("o-1");

        for (String wrong : List.of("{'payload':'no json'}", "{'payload':'[]'}", "{'payload':{'event_type':''}}")) {
            JsonNode answer = with.ok("POST", "/api/v1/dead-letters/o-1/replay", wrong);
            assertThat(answer.path("outcome").asText()).isEqualTo("refused");
        }

        JsonNode letter = with.get("/api/v1/dead-letters/o-1");
        assertThat(letter.path("field").asText()).isEqualTo("properties.amount");
        assertThat(letter.path("attempts").asInt()).isEqualTo(3);
        assertThat(with.send("POST", "/api/v1/dead-letters/o-1/replay", "{'payload':5}")
                        .body())
                .contains("\"field\":\"payload\"");
        assertThat(with.send("POST", "/api/v1/dead-letters/nobody/replay", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void allLettersOfAFilterAreReplayedInPagesAndOnlyThese() {
        with.ok("POST", "/api/v1/schemas", STRICT);
        StringBuilder batch = new StringBuilder();
        for (int number = 0; number < 1_200; number++) {
            batch.append(batch.isEmpty() ? "" : ",")
                    .append("{'event_type':'order','event_id':'o-" + number + "','properties':{'total':" + number
                            + "}}");
        }
        batch.append(",{'event_type':'far','event_id':'f-1','timestamp':'2026-03-05T12:00:00Z'}");
        with.ok("POST", "/api/v1/events", "{'batch':[" + batch + "]}");
        with.settle();
        with.ok("PATCH", "/api/v1/schemas/order", "{'mode':'off'}");

        with.server.time.advance(Duration.ofSeconds(1));
        JsonNode job = with.ok("POST", "/api/v1/dead-letters/replay", "{'filter':{'reason':'schema_violation'}}");
        JsonNode done = with.finish(job.path("job_id").asText());
        with.settle();

        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.at("/progress/accepted").asInt()).isEqualTo(1_200);
        assertThat(with.count(Table.EVENTS, "uniqExact(event_id)")).isEqualTo(1_200);
        assertThat(with.count(Table.EVENTS, "count()")).isEqualTo(1_200);
        assertThat(list("")).containsExactly("f-1");

        JsonNode again = with.ok("POST", "/api/v1/dead-letters/replay", "{}");
        JsonNode end = with.finish(again.path("job_id").asText());
        assertThat(end.at("/progress/accepted").asInt()).isZero();
    }

    @Test
    void theClockOfTheSenderIsCorrectedByTheFirstReceipt() {
        with.ok("POST", "/api/v1/schemas", STRICT);
        with.ok("POST", "/api/v1/events", """
                {'sent_at':'2026-03-01T13:00:00Z','batch':[
                 {'event_type':'order','event_id':'o-1','timestamp':'2026-03-01T12:50:00Z','properties':{}}]}""");
        with.settle();
        with.ok("PATCH", "/api/v1/schemas/order", "{'mode':'off'}");
        with.server.time.advance(Duration.ofHours(5));

        with.ok("POST", "/api/v1/dead-letters/o-1/replay", "");
        with.settle();

        assertThat(with.ask(Table.EVENTS, "toString(any(ts))").textAt(0, 0)).isEqualTo("2026-03-01 11:50:00.000");
    }

    @Test
    void whatWasHashedOnceIsNotHashedAgain() {
        with.settings("{'masking':[{'field':'user_id','action':'hash'},{'field':'properties.mail','action':'hash'}]}");
        with.ok("POST", "/api/v1/schemas", STRICT);
        String body = "{'event_type':'order','event_id':'%s','user_id':'ada','properties':{%s'mail':'a@b.c'}}";
        with.ok("POST", "/api/v1/events", body.formatted("bad", ""));
        with.ok("POST", "/api/v1/events", body.formatted("good", "'amount':1,"));
        with.settle();
        with.ok("PATCH", "/api/v1/schemas/order", "{'mode':'off'}");

        with.ok("POST", "/api/v1/dead-letters/bad/replay", "");
        with.settle();

        assertThat(with.count(Table.EVENTS, "count()")).isEqualTo(2);
        assertThat(with.count(Table.EVENTS, "uniqExact(user_id, person, props_str['mail'])"))
                .isEqualTo(1);
    }

    @Test
    void aSegmentCallIsReplayedAsOne() {
        with.ok("POST", "/api/v1/schemas", "{'event_type':'page_view','mode':'enforce','schema':{'required':['x']}}");
        String body =
                "{'messageId':'p-1','userId':'u','name':'Home','properties':{'url':'https://a.example/p?utm_source=s'}}";
        assertThat(with.send("POST", "/v1/page", body).statusCode()).isEqualTo(200);
        with.settle();
        with.ok("PATCH", "/api/v1/schemas/page_view", "{'mode':'off'}");

        with.ok("POST", "/api/v1/dead-letters/p-1/replay", "");
        with.settle();

        assertThat(with.ask(Table.EVENTS, "any(concat(event_type, ' ', user_id, ' ', page_path, ' ', utm_source))")
                        .textAt(0, 0))
                .isEqualTo("page_view u /p s");
    }

    @Test
    void lettersAreFoundCountedAndRemovedByEveryFilter() {
        rejectedOrder("o-1");
        with.ok("POST", "/api/v1/events", "{'event_type':'far','event_id':'f-1','timestamp':'2026-03-05T12:00:00Z'}");
        with.settle();
        String keyId = with.get("/api/v1/dead-letters/o-1").path("key_id").asText();

        assertThat(list("?reason=timestamp_in_future")).containsExactly("f-1");
        assertThat(list("?field=properties.amount")).containsExactly("o-1");
        assertThat(list("?event_type=far")).containsExactly("f-1");
        assertThat(list("?key=" + keyId)).containsExactlyInAnyOrder("o-1", "f-1");
        assertThat(list("?key=other")).isEmpty();
        assertThat(list("?until=2026-03-01T12:00:00Z")).isEmpty();
        assertThat(list("?since=2026-03-01T12:00:00Z")).hasSize(2);
        JsonNode counts = with.get("/api/v1/dead-letters/counts?by=reason,field&interval=hour");
        assertThat(counts.toString())
                .contains(
                        "{\"time\":\"2026-03-01T12:00:00Z\",\"reason\":\"schema_violation\",\"field\":\"properties.amount\",\"count\":1}");
        assertThat(with.send("GET", "/api/v1/dead-letters/counts?by=payload", "")
                        .statusCode())
                .isEqualTo(400);

        assertThat(with.send("DELETE", "/api/v1/dead-letters", "").statusCode()).isEqualTo(400);
        assertThat(with.ok("DELETE", "/api/v1/dead-letters?event_type=far", "")
                        .path("removed")
                        .asInt())
                .isEqualTo(1);
        assertThat(list("")).containsExactly("o-1");
        assertThat(with.ok("DELETE", "/api/v1/dead-letters?all=true", "")
                        .path("removed")
                        .asInt())
                .isEqualTo(1);
        assertThat(list("?state=all")).isEmpty();
    }

    @Test
    void anotherTenantsLettersAreNotThere() {
        rejectedOrder("o-1");
        String other = with.server.key(dev.tidemark.ServerFixture.OTHER, dev.tidemark.account.AccessKey.Kind.SECRET);
        for (String path : List.of("/api/v1/dead-letters/o-1/replay", "/api/v1/dead-letters/o-1")) {
            assertThat(with.server
                            .send(path.endsWith("replay") ? "POST" : "GET", path, "", "X-API-Key", other)
                            .statusCode())
                    .isEqualTo(404);
        }
        assertThat(with.server
                        .send("DELETE", "/api/v1/dead-letters?all=true", "", "X-API-Key", other)
                        .statusCode())
                .isEqualTo(200);
        assertThat(list("")).containsExactly("o-1");
    }

    @Test
    void aMisspeltFilterPurgesNothing() {
        rejectedOrder("o-1");

        assertThat(with.send("DELETE", "/api/v1/dead-letters?reason=schema_violation&evnt_type=other", "")
                        .body())
                .contains("\"field\":\"evnt_type\"");

        assertThat(list("")).containsExactly("o-1");
    }

    private void rejectedOrder(String id) {
        with.ok("POST", "/api/v1/schemas", STRICT);
        with.ok(
                "POST",
                "/api/v1/events",
                "{'event_type':'order','event_id':'" + id + "','properties':{'amount':'much'}}");
        with.settle();
    }

    private List<String> list(String query) {
        return StreamSupport.stream(
                        with.get("/api/v1/dead-letters" + query)
                                .path("dead_letters")
                                .spliterator(),
                        false)
                .map(letter -> letter.path("id").asText())
                .toList();
    }

    private static final class Crashing implements Upkeep {
        @Override
        public void mark(TenantId tenant, List<LetterMark> marks, long atMillis) {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "crash");
        }

        @Override
        public void retain(Retention retention, Table table) {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "crash");
        }

        @Override
        public void forgetStatements() {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "crash");
        }

        @Override
        public void removeEvents(Deletion events, int month) {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "crash");
        }

        @Override
        public void delete(Deletion deletion) {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "crash");
        }
    }
}
