package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VerifierTest {
    private static final Instant NOW = Instant.parse("2026-03-15T12:00:00Z");
    private static final Questions.Range EVERYTHING =
            new Questions.Range(NOW.minus(Duration.ofDays(40)), NOW.plus(Duration.ofDays(1)));
    private static final Questions.Range RECENT =
            new Questions.Range(NOW.minus(Duration.ofMinutes(10)), NOW.plus(Duration.ofMinutes(10)));

    private final FakeServer server;
    private final TidemarkClient client;
    private final Ledger ledger = new Ledger();

    VerifierTest() throws Exception {
        server = new FakeServer();
        client = new TidemarkClient(server.url(), "sk_x");
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private void acknowledge(int writer, int batches) throws Exception {
        for (int number = 0; number < batches; number++) {
            CrashBatch batch = new CrashBatch(writer, number, 1 + number % 25, NOW.toEpochMilli());
            assertThat(client.postEvents(batch.body()).status()).isEqualTo(202);
            ledger.acknowledged(batch);
        }
    }

    private Verdict verdict() throws Exception {
        return new Verifier(client, ledger, EVERYTHING, RECENT).verify();
    }

    @Test
    void findsNothingWhereEverythingIsStoredOnce() throws Exception {
        acknowledge(0, 130);
        acknowledge(1, 30);
        Verdict verdict = verdict();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(server.size()).isGreaterThan(1000);
    }

    @Test
    void findsOneLostEvent() throws Exception {
        server.lose("w0-000011-7"::equals);
        acknowledge(0, 40);
        Verdict verdict = verdict();
        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.duplicated()).isZero();
        assertThat(verdict.findings()).singleElement().asString().contains("w0-000011");
    }

    @Test
    void findsOneDoubledEvent() throws Exception {
        acknowledge(0, 40);
        server.duplicate("w0-000020-3");
        Verdict verdict = verdict();
        assertThat(verdict.lost()).isZero();
        assertThat(verdict.duplicated()).isEqualTo(1);
        assertThat(verdict.findings()).singleElement().asString().contains("w0-000020");
    }

    @Test
    void seesThroughALostAndADoubledEventOfTheSameBatch() throws Exception {
        // Losing 1 and 4 and doubling 2 and 3 leaves both the count and the sum of the batch right.
        server.lose(id -> id.equals("w0-000020-1") || id.equals("w0-000020-4"));
        acknowledge(0, 40);
        server.duplicate("w0-000020-2");
        server.duplicate("w0-000020-3");
        Verdict verdict = verdict();
        assertThat(verdict.lost()).isEqualTo(2);
        assertThat(verdict.duplicated()).isEqualTo(2);
    }

    @Test
    void findsAWholeBatchThatIsGone() throws Exception {
        server.lose(id -> id.startsWith("w0-000009-"));
        acknowledge(0, 40);
        assertThat(verdict().lost()).isEqualTo(10);
    }

    @Test
    void findsAWholeGroupThatIsGone() throws Exception {
        server.lose(_ -> true);
        acknowledge(0, 3);
        server.store(
                "x",
                new ObjectMapper()
                        .readTree("{\"timestamp\":\"2026-03-15T12:00:00Z\",\"properties\":{\"writer\":\"w9\"}}"));
        Verdict verdict = verdict();
        assertThat(verdict.lost()).isEqualTo(6);
        assertThat(verdict.duplicated()).isEqualTo(1);
    }

    @Test
    void findsAnEventThatWasAltered() throws Exception {
        acknowledge(0, 40);
        server.alter("w0-000020-3", "seq", 4);
        assertThat(verdict().lost()).isEqualTo(1);
    }

    @Test
    void findsAnEventThatNobodySent() throws Exception {
        acknowledge(0, 5);
        CrashBatch unknown = new CrashBatch(0, 77, 1, NOW.toEpochMilli());
        client.postEvents(unknown.body());
        assertThat(verdict().duplicated()).isEqualTo(1);
    }

    @Test
    void findsRollupsThatDisagreeWithEvents() throws Exception {
        acknowledge(0, 5);
        server.rollupsCountTooMany(1);
        Verdict verdict = verdict();
        assertThat(verdict.rollupMismatches()).isPositive();
        assertThat(verdict.lost() + verdict.duplicated()).isZero();
        assertThat(verdict.clean()).isFalse();
        assertThat(verdict.toJson(3).toString())
                .isEqualTo("{\"rounds\":3,\"acknowledged\":15,\"lost\":0,\"duplicated\":0,\"rollup_mismatches\":"
                        + verdict.rollupMismatches() + "}");
    }
}
