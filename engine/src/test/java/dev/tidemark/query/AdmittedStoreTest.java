package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.Effort;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class AdmittedStoreTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");

    private final QueryFixture fixture = new QueryFixture();
    private final TenantId large = QueryFixture.newTenant();
    private final TenantId little = QueryFixture.newTenant();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void smallStatementsPassWhileAllHeavyPlacesAreTaken() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        AdmittedStore store = admitted(held, settings(2, 50, Duration.ofSeconds(60)));
        fixture.insert(new RandomEvents(large, AROUND, 1).take(30));
        fixture.insert(new RandomEvents(little, AROUND, 2).take(3));
        held.hold(large);
        List<CompletableFuture<Rows>> heavies = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            heavies.add(CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads));
        }
        held.awaitRunning(large, 1);
        for (int i = 0; i < 20; i++) {
            assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(3);
        }
        assertThat(heavies).noneMatch(CompletableFuture::isDone);
        assertThat(held.mostRunning.get(large)).isEqualTo(1);
        held.release();
        for (CompletableFuture<Rows> heavy : heavies) {
            assertThat(heavy.get(60, TimeUnit.SECONDS).longAt(0, 0)).isEqualTo(30);
        }
        assertThat(held.mostRunning.get(large)).isEqualTo(1);
        assertThat(held.efforts.get(little)).containsOnly(new Effort(0, 1));
        assertThat(held.efforts.get(large)).allMatch(effort -> effort.priority() == 3);
    }

    @Test
    void middlingStatementsHaveAThreadEachAndLeavePlacesToOthers() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        AdmittedStore store = admitted(held, settings(2, 50, Duration.ofSeconds(60)));
        fixture.insert(new RandomEvents(large, AROUND, 7).take(9));
        fixture.insert(new RandomEvents(little, AROUND, 8).take(9));
        held.hold(large);
        List<CompletableFuture<Rows>> questions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            questions.add(CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads));
        }
        held.awaitRunning(large, 3);
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(9);
        assertThat(held.efforts.get(little)).containsOnly(new Effort(1, 2));
        held.release();
        CompletableFuture.allOf(questions.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(held.mostRunning.get(large)).isEqualTo(3);
    }

    @Test
    void aMiddlingStatementBesideASmallOneHasMostOfTheEngineAndTwoMiddlingOnesShareIt() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        AdmittedStore store = admitted(held, settings(2, 50, Duration.ofSeconds(60)));
        TenantId other = QueryFixture.newTenant();
        fixture.insert(new RandomEvents(large, AROUND, 11).take(3));
        fixture.insert(new RandomEvents(little, AROUND, 12).take(9));
        fixture.insert(new RandomEvents(other, AROUND, 13).take(9));
        held.hold(large);
        CompletableFuture<Rows> small = CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads);
        held.awaitRunning(large, 1);
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(9);
        assertThat(held.efforts.get(little)).containsOnly(new Effort(3, 2));
        held.hold(little);
        CompletableFuture<Rows> middling =
                CompletableFuture.supplyAsync(() -> store.query(little, all(little)), threads);
        held.awaitRunning(little, 1);
        assertThat(store.query(other, all(other)).longAt(0, 0)).isEqualTo(9);
        assertThat(held.efforts.get(other)).containsOnly(new Effort(2, 2));
        held.release();
        CompletableFuture.allOf(small, middling).get(60, TimeUnit.SECONDS);
    }

    @Test
    void whoAsksAloneHasTheWholeEngineHoweverMuchItAsks() {
        HeldStore held = new HeldStore(fixture.store);
        SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
        AdmittedStore store = new AdmittedStore(held, modest(), time, new SimpleMeterRegistry());
        fixture.insert(new RandomEvents(large, AROUND, 21).take(30));
        held.lasting(time, Duration.ofSeconds(2));
        for (int statement = 0; statement < 5; statement++) {
            assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(30);
        }
        assertThat(held.efforts.get(large)).containsOnly(new Effort(0, 3));
    }

    @Test
    void whoTakesMuchWhileOthersAskIsKeptToOneThreadUntilItHasTakenLittleForAWhile() {
        HeldStore held = new HeldStore(fixture.store);
        SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
        AdmittedStore store = new AdmittedStore(held, modest(), time, new SimpleMeterRegistry());
        fixture.insert(new RandomEvents(large, AROUND, 22).take(30));
        fixture.insert(new RandomEvents(little, AROUND, 23).take(3));
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(3);
        held.lasting(time, Duration.ofSeconds(2));
        for (int statement = 0; statement < 4; statement++) {
            assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(30);
        }
        assertThat(held.efforts.get(large))
                .containsExactly(new Effort(3, 3), new Effort(1, 3), new Effort(1, 3), new Effort(1, 3));
        held.lasting(time, Duration.ZERO);
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(3);
        assertThat(held.efforts.get(little)).containsOnly(new Effort(0, 1));
        time.advance(Duration.ofSeconds(20));
        assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(30);
        assertThat(held.efforts.get(large)).last().isEqualTo(new Effort(3, 3));
        time.advance(Duration.ofSeconds(40));
        assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(30);
        assertThat(held.efforts.get(large)).last().isEqualTo(new Effort(0, 3));
    }

    @Test
    void whoTakesMuchHasHalfOfTheCoresHoweverManyStatementsItHas() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
        AdmittedStore store = new AdmittedStore(held, modest(), time, new SimpleMeterRegistry());
        fixture.insert(new RandomEvents(large, AROUND, 26).take(9));
        fixture.insert(new RandomEvents(little, AROUND, 27).take(9));
        held.lasting(time, Duration.ofSeconds(2));
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(9);
        assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(9);
        held.lasting(time, Duration.ZERO);
        held.hold(large);
        List<CompletableFuture<Rows>> questions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            questions.add(CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads));
        }
        held.awaitRunning(large, 2);
        time.advance(Duration.ofSeconds(20));
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(9);
        held.release();
        CompletableFuture.allOf(questions.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(held.mostRunning.get(large)).isEqualTo(2);
        assertThat(held.efforts.get(large)).last().isEqualTo(new Effort(1, 2));
    }

    @Test
    void smallStatementsOfWhoTakesMuchGiveWayToThoseOfOthers() {
        HeldStore held = new HeldStore(fixture.store);
        SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
        AdmittedStore store = new AdmittedStore(held, modest(), time, new SimpleMeterRegistry());
        fixture.insert(new RandomEvents(large, AROUND, 24).take(3));
        fixture.insert(new RandomEvents(little, AROUND, 25).take(3));
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(3);
        held.lasting(time, Duration.ofSeconds(1));
        for (int statement = 0; statement < 6; statement++) {
            assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(3);
        }
        assertThat(held.efforts.get(large)).first().isEqualTo(new Effort(0, 1));
        assertThat(held.efforts.get(large)).last().isEqualTo(new Effort(1, 2));
    }

    @Test
    void oneTenantsHeavyStatementsLeaveAPlaceToAnothers() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        AdmittedStore store = admitted(held, settings(2, 50, Duration.ofSeconds(60)));
        fixture.insert(new RandomEvents(large, AROUND, 3).take(30));
        fixture.insert(new RandomEvents(little, AROUND, 4).take(30));
        held.hold(large);
        List<CompletableFuture<Rows>> heavies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            heavies.add(CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads));
        }
        held.awaitRunning(large, 1);
        assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(30);
        assertThat(heavies).noneMatch(CompletableFuture::isDone);
        held.release();
        CompletableFuture.allOf(heavies.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    @Test
    void refusesPastTheTenantsQueueAndAfterTheLongestWait() throws Exception {
        HeldStore held = new HeldStore(fixture.store);
        AdmittedStore store = admitted(held, settings(1, 1, Duration.ofMillis(1)));
        fixture.insert(new RandomEvents(large, AROUND, 5).take(30));
        held.hold(large);
        CompletableFuture<Rows> first = CompletableFuture.supplyAsync(() -> store.query(large, all(large)), threads);
        held.awaitRunning(large, 1);
        assertThatThrownBy(() -> store.query(large, all(large)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
        held.release();
        assertThat(first.get(60, TimeUnit.SECONDS).longAt(0, 0)).isEqualTo(30);
        assertThat(store.query(large, all(large)).longAt(0, 0)).isEqualTo(30);
    }

    @Test
    void judgesAStatementByTheEventsInItsRange() {
        fixture.insert(new RandomEvents(large, AROUND, 6).take(100));
        TenantVolumes volumes = new TenantVolumes(fixture.store, TimeSource.system());
        assertThat(volumes.rows(large, all(large))).isEqualTo(100);
        Parameters parameters = new Parameters(large);
        TimeRange before = new TimeRange(AROUND.minus(Duration.ofDays(300)), AROUND.minus(Duration.ofDays(200)));
        Select nothing =
                Source.EVENTS.select(parameters, before).column("count()", "c").build();
        assertThat(volumes.rows(large, nothing)).isZero();
        Select twice = Select.from(Table.EVENTS, parameters)
                .where("person IN ("
                        + Source.EVENTS
                                .select(parameters, new TimeRange(Instant.EPOCH, QueryFixture.NOW))
                                .column("person", "p")
                                .build()
                                .sql()
                        + ")")
                .column("count()", "c")
                .build();
        assertThat(volumes.rows(large, twice)).isEqualTo(200);
        assertThat(volumes.rows(little, all(little))).isZero();
    }

    /** On the real engine; the bound is generous, because the machine may be busy. */
    @Test
    void smallQuestionsOfAnotherTenantAreAnsweredWhileHeavyOnesRun() throws Exception {
        AdmittedStore store = admitted(fixture.store, settings(2, 50, Duration.ofSeconds(100)));
        fixture.insert(new RandomEvents(large, AROUND, 7).take(30));
        fixture.insert(new RandomEvents(little, AROUND, 8).take(3));
        List<CompletableFuture<Rows>> heavies = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            heavies.add(CompletableFuture.supplyAsync(() -> store.query(large, burning(large)), threads));
        }
        TimeSource time = TimeSource.system();
        long begun = time.nanos();
        for (int i = 0; i < 5; i++) {
            assertThat(store.query(little, all(little)).longAt(0, 0)).isEqualTo(3);
        }
        assertThat(Duration.ofNanos(time.nanos() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(heavies).anyMatch(heavy -> !heavy.isDone());
        for (CompletableFuture<Rows> heavy : heavies) {
            assertThat(heavy.get(100, TimeUnit.SECONDS).size()).isEqualTo(1);
        }
    }

    private static AdmissionSettings settings(int heavy, int heavyWaiting, Duration longestWait) {
        return new AdmissionSettings(4, 4, heavy, 50, heavyWaiting, longestWait, 8, 10, 1, 100, Duration.ofSeconds(30));
    }

    /** As for four cores. */
    private static AdmissionSettings modest() {
        return new AdmissionSettings(8, 4, 2, 50, 50, Duration.ofSeconds(60), 8, 10, 2, 0.5, Duration.ofSeconds(30));
    }

    private static AdmittedStore admitted(EventStore store, AdmissionSettings settings) {
        return new AdmittedStore(store, settings, TimeSource.system(), new SimpleMeterRegistry());
    }

    private static Select all(TenantId tenant) {
        return Select.from(Table.EVENTS, new Parameters(tenant))
                .column("count()", "events")
                .build();
    }

    private static Select burning(TenantId tenant) {
        Select many = Select.from(Table.EVENTS, new Parameters(tenant))
                .column("arrayJoin(range(1000000))", "n")
                .build();
        return Select.from(many).column("sum(sipHash64(n))", "burnt").build();
    }

    /** Lets statements of a tenant wait within the engine until they are released, but not those for estimates. */
    private static final class HeldStore extends ForwardingStore {
        private final CountDownLatch released = new CountDownLatch(1);
        private final Map<TenantId, Integer> running = new ConcurrentHashMap<>();
        final Map<TenantId, Integer> mostRunning = new ConcurrentHashMap<>();
        final Map<TenantId, List<Effort>> efforts = new ConcurrentHashMap<>();
        private @Nullable SettableTime clock;
        private Duration length = Duration.ZERO;
        private final List<TenantId> held = new CopyOnWriteArrayList<>();

        HeldStore(EventStore store) {
            super(store);
        }

        void hold(TenantId tenant) {
            held.add(tenant);
        }

        /** Has every statement from now on last so long. */
        void lasting(SettableTime clock, Duration length) {
            this.clock = clock;
            this.length = length;
        }

        void release() {
            released.countDown();
        }

        void awaitRunning(TenantId tenant, int count) {
            while (running.getOrDefault(tenant, 0) < count) {
                Thread.onSpinWait();
            }
        }

        @Override
        public Rows query(TenantId tenant, Select select, Effort effort) {
            efforts.computeIfAbsent(tenant, _ -> new CopyOnWriteArrayList<>()).add(effort);
            int now = running.merge(tenant, 1, Integer::sum);
            mostRunning.merge(tenant, now, Math::max);
            try {
                if (held.contains(tenant)) {
                    released.await();
                }
                if (clock != null) {
                    clock.advance(length);
                }
                return store.query(tenant, select, effort);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                running.merge(tenant, -1, Integer::sum);
            }
        }
    }
}
