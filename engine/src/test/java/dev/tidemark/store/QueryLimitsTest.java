package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a question may cost, on the shared engine with tight limits. */
@Timeout(60)
final class QueryLimitsTest {
    private static final long DAY = Instant.parse("2105-05-10T00:00:00Z").toEpochMilli();

    private final TenantId tenant =
            new TenantId("limits-" + ProcessHandle.current().pid());
    private final ClickHouseStore store = store(new StoreLimits(
            1, 1, Duration.ofMillis(50), Duration.ofSeconds(1), ByteSize.mebibytes(32), 100, Duration.ofSeconds(10)));

    @BeforeEach
    void oneEvent() {
        store.insert(store.encodeEvents("limits-" + tenant, new SampleEvents(tenant, 1).take(1, DAY, 1)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void tooManyRowsAreTooExpensive() {
        assertFails(select("arrayJoin(range(5000))"), ErrorCode.QUERY_TOO_EXPENSIVE, "too many rows");
    }

    @Test
    void tooMuchTimeIsTooExpensive() {
        assertFails(sleeping("slow", 2.9), ErrorCode.QUERY_TOO_EXPENSIVE, "too long");
    }

    @Test
    void tooMuchMemoryIsTooExpensive() {
        assertFails(
                select("length(groupArray(toString(arrayJoin(range(20000000)))))"),
                ErrorCode.QUERY_TOO_EXPENSIVE,
                "too much memory");
    }

    @Test
    void whoWaitsTooLongForAPlaceIsTurnedAway() throws Exception {
        EngineClient engine = control();
        Thread slow = Thread.ofVirtual().start(() -> store.query(tenant, sleeping("occupies", 0.9)));
        while (!running(engine, "occupies")) {
            Thread.onSpinWait();
        }
        assertFails(select("1"), ErrorCode.OVERLOADED, "too many questions wait");
        slow.join();
        engine.close();
        assertThat(store.query(tenant, select("1")).longAt(0, 0)).isEqualTo(1);
    }

    @Test
    void aQuestionThatIsGivenUpStopsRunning() throws Exception {
        EngineClient engine = control();
        try (ClickHouseStore patient = store(StoreLimits.defaults())) {
            CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
            Thread asker = Thread.ofVirtual().start(() -> {
                try {
                    patient.query(tenant, sleeping("given_up", 2.9));
                } catch (TidemarkException failure) {
                    answer.complete(failure.code());
                }
            });
            while (!running(engine, "given_up")) {
                Thread.onSpinWait();
            }
            asker.interrupt();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.ENGINE_UNAVAILABLE);
            while (running(engine, "given_up")) {
                Thread.onSpinWait();
            }
        }
        engine.close();
    }

    @Test
    void anEngineThatIsNotThereIsUnavailable() {
        EngineAddress shared = EngineFixture.shared().address();
        EngineAddress nowhere =
                new EngineAddress(URI.create("http://127.0.0.1:1"), "tidemark", shared.writer(), shared.reader());
        try (ClickHouseStore lost = new ClickHouseStore(
                () -> nowhere, StoreLimits.defaults(), TimeSource.system(), new SimpleMeterRegistry())) {
            assertThat(lost.healthy()).isFalse();
            assertThatThrownBy(lost::prepare)
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_UNAVAILABLE));
            Block block = lost.encodeEvents("t", new SampleEvents(tenant, 1).take(1, DAY, 1));
            assertThatThrownBy(() -> lost.insert(block))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_UNAVAILABLE));
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        ClickHouseStore closed = store(StoreLimits.defaults());
        closed.close();
        assertThat(closed.healthy()).isFalse();
        assertThatThrownBy(() -> closed.query(tenant, select("1")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }

    private void assertFails(Select select, ErrorCode code, String words) {
        assertThatThrownBy(() -> store.query(tenant, select))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.detail()).contains(words);
                });
    }

    private Select sleeping(String mark, double seconds) {
        return select("'" + mark + "' AS mark, sleepEachRow(" + seconds + ")");
    }

    private Select select(String expressions) {
        return Select.from(Table.EVENTS, new Parameters(tenant))
                .column(expressions, "x")
                .build();
    }

    private static EngineClient control() {
        EngineAddress address = EngineFixture.shared().address();
        return new EngineClient(address, address.writer(), address.database(), 2, Duration.ofSeconds(5));
    }

    private static boolean running(EngineClient engine, String mark) {
        return engine.rows("SELECT count() FROM system.processes WHERE user = '" + EngineConfiguration.READER
                                + "' AND position(query, '" + mark + "') > 0")
                        .longAt(0, 0)
                > 0;
    }

    private static ClickHouseStore store(StoreLimits limits) {
        return new ClickHouseStore(
                EngineFixture.shared()::address, limits, TimeSource.system(), new SimpleMeterRegistry());
    }
}
