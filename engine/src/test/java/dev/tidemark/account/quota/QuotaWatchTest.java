package dev.tidemark.account.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.LocalRateLimiter;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is told when a tenant comes near a limit, and what is written down. */
final class QuotaWatchTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final MemoryQuotaStore store = new MemoryQuotaStore(ACME);
    private final Plans plans = new Plans(store);
    private final CountedEvents counts = new CountedEvents();
    private final Quotas quotas = new Quotas(plans, store, new LocalRateLimiter(time), StorageSizes.UNKNOWN, time);
    private final List<String> told = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QuotaWatch watch =
            new QuotaWatch(quotas, store, () -> List.of(ACME), new Told(), () -> {}, time, registry);

    QuotaWatchTest() {
        quotas.countedBy(counts);
        watch.tick();
        told.clear();
    }

    @Test
    void eachCrossingOfTheMonthIsToldOnceAndClearedInTheNext() {
        limit(Map.of(Limit.EVENTS_PER_MONTH, 100L));
        send(79);
        watch.tick();
        assertThat(told).isEmpty();
        send(1);
        ticks(3);
        assertThat(told).containsExactly("raise quota.soft events_per_month 80/100");
        send(20);
        ticks(3);
        assertThat(told)
                .containsExactly(
                        "raise quota.soft events_per_month 80/100", "raise quota.hard events_per_month 100/100");
        told.clear();
        time.advance(Duration.ofDays(31));
        watch.tick();
        assertThat(told).containsExactly("clear quota.hard events_per_month", "clear quota.soft events_per_month");
    }

    @Test
    void aTenantAtTheEdgeOfARateIsNotToldOfAgainAndAgain() {
        limit(Map.of(Limit.CONCURRENT_QUERIES, 1L));
        for (int round = 0; round < 50; round++) {
            var turn = quotas.queries().begin(ACME);
            watch.tick();
            turn.end(true);
            watch.tick();
            time.advance(Duration.ofMinutes(1));
        }
        assertThat(told).filteredOn(text -> text.startsWith("raise quota.hard")).hasSize(1);
        time.advance(Duration.ofHours(1));
        watch.tick();
        assertThat(told).last().asString().startsWith("clear quota.soft");
    }

    @Test
    void aLimitThatIsLiftedIsNoAlertAnyMore() {
        limit(Map.of(Limit.EVENTS_PER_MONTH, 10L));
        send(10);
        watch.tick();
        limit(Map.of());
        told.clear();
        watch.tick();
        assertThat(told).containsExactly("clear quota.hard events_per_month", "clear quota.soft events_per_month");
    }

    @Test
    void whatWasUpBeforeARestartIsClearedWhereItIsOver() {
        List<String> first = new ArrayList<>();
        Alerts alerts = new Alerts() {
            @Override
            public void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details) {}

            @Override
            public void clear(TenantId tenant, AlertKind kind, String subject) {
                first.add(tenant + " " + kind.wireName() + " " + subject);
            }
        };
        new QuotaWatch(quotas, store, () -> List.of(ACME), alerts, () -> {}, time, new SimpleMeterRegistry()).tick();
        assertThat(first).contains("acme quota.hard events_per_month", "acme quota.soft viewers");
    }

    @Test
    void questionsAreWrittenDownAndNoneAreLostWhileTheStoreIsBroken() {
        ask(3);
        store.breakDown(true);
        ticks(10);
        ask(4);
        assertThat(quotas.usage(ACME).days().getLast().queries()).isEqualTo(7);
        store.breakDown(false);
        ticks(10);
        assertThat(store.queries(ACME, DAY)).isEqualTo(Map.of(DAY, 7L));
        ask(2);
        watch.close();
        assertThat(store.queries(ACME, DAY)).isEqualTo(Map.of(DAY, 9L));
    }

    @Test
    void ratesAreOfTheLastSecondsAndDaysAreThirtyOne() {
        send(100);
        ask(5);
        ticks(1);
        assertThat(line(Limit.EVENTS_PER_SECOND).used()).isEqualTo(10);
        assertThat(line(Limit.QUERIES_PER_MINUTE).used()).isEqualTo(5);
        ticks(11);
        assertThat(line(Limit.EVENTS_PER_SECOND).used()).isZero();
        assertThat(line(Limit.QUERIES_PER_MINUTE).used()).isEqualTo(5);
        ticks(60);
        assertThat(line(Limit.QUERIES_PER_MINUTE).used()).isZero();
        assertThat(quotas.usage(ACME).days()).hasSize(31);
        assertThat(quotas.usage(ACME).days().getLast()).isEqualTo(new Usage.Day(DAY, 100, 5));
    }

    @Test
    void metricsNameNoMoreThanFiftyTenantsHoweverManyAreNear() {
        plans.replace(List.of(new Plan(Plan.DEFAULT, new Limits(Map.of(Limit.EVENTS_PER_MONTH, 10L), null, null))));
        IntStream.range(0, 300)
                .forEach(number ->
                        quotas.events().reserve(new TenantId("t" + number), 9).keep(9));
        watch.tick();
        assertThat(registry.find("tidemark.quota.used.share").gauges()).hasSize(50);
        assertThat(registry.find("tidemark.quota.refused").functionCounters()).hasSize(Limit.values().length);
    }

    private void limit(Map<Limit, Long> limits) {
        plans.give(ACME, new TenantPlan(Plan.DEFAULT, new Limits(limits, null, null)));
    }

    private void send(int events) {
        quotas.events().reserve(ACME, events).keep(events);
        counts.process(ACME, DAY, events, events);
    }

    private void ask(int questions) {
        for (int question = 0; question < questions; question++) {
            quotas.queries().begin(ACME).end(true);
        }
    }

    private void ticks(int count) {
        for (int tick = 0; tick < count; tick++) {
            watch.tick();
        }
    }

    private Usage.Line line(Limit limit) {
        return quotas.lines(ACME).stream()
                .filter(line -> line.limit() == limit)
                .findFirst()
                .orElseThrow();
    }

    /** Notes what begins and what ends. */
    private final class Told implements Alerts {
        private final Set<String> up = new HashSet<>();

        @Override
        public void raise(TenantId tenant, AlertKind kind, String subject, Map<String, ?> details) {
            if (up.add(kind.wireName() + " " + subject)) {
                told.add("raise " + kind.wireName() + " " + subject + " " + details.get("used") + "/"
                        + details.get("hard"));
            }
        }

        @Override
        public void clear(TenantId tenant, AlertKind kind, String subject) {
            if (up.remove(kind.wireName() + " " + subject)) {
                told.add("clear " + kind.wireName() + " " + subject);
            }
        }
    }
}
