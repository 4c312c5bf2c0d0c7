package dev.tidemark.account.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.account.LocalRateLimiter;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Events against what their tenant may send. */
final class EventQuotaTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final LocalDate JANUARY = LocalDate.of(2026, 1, 31);

    private final SettableTime time = new SettableTime("2026-01-31T23:59:50Z");
    private final MemoryQuotaStore store = new MemoryQuotaStore(ACME, GLOBEX);
    private final Plans plans = new Plans(store);
    private final CountedEvents counts = new CountedEvents();
    private OptionalLong stored = OptionalLong.empty();
    private final Quotas quotas = new Quotas(plans, store, new LocalRateLimiter(time), _ -> stored, time);
    private final EventQuota events = quotas.events();

    EventQuotaTest() {
        quotas.countedBy(counts);
    }

    @Test
    void whoHasNoLimitIsLetThroughAndIsToldOfNone() {
        assertThat(events.reserve(ACME, 1_000_000_000).headers()).isEmpty();
    }

    @Test
    void theMonthEndsAtItsLimitAndRefusesARequestAsAWhole() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 100L));
        events.reserve(ACME, 90).keep(90);
        TidemarkException refused = refused(11);
        assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        Exceeded exceeded = refused.exceeded().orElseThrow();
        assertThat(exceeded.limit()).isEqualTo("events_per_month");
        assertThat(exceeded.resetsAt()).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(exceeded.retryAfterSeconds()).isEqualTo(10);
        assertThat(exceeded.headers())
                .containsEntry("RateLimit-Policy", "\"events_per_month\";q=100;w=2678400")
                .containsEntry("RateLimit", "\"events_per_month\";r=10;t=10")
                .containsEntry("Tidemark-Quota-Warning", "\"events_per_month\";used=90;hard=100");
        events.reserve(ACME, 10).keep(10);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(events.ofMonth(ACME)).isEqualTo(100);
    }

    @Test
    void duplicatesNoLongerCountOnceTheyAreKnownToBeThat() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 100L));
        events.reserve(ACME, 100).keep(100);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        counts.process(ACME, JANUARY, 100, 60);
        assertThat(events.ofMonth(ACME)).isEqualTo(60);
        events.reserve(ACME, 40).keep(40);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void whatWasNotKeptIsGivenBack() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 100L, Limit.EVENTS_PER_SECOND, 100L));
        events.reserve(ACME, 100).cancel();
        EventAllowance.Reservation half = events.reserve(ACME, 100);
        half.keep(50);
        assertThat(events.ofMonth(ACME)).isEqualTo(50);
        half.cancel();
        assertThat(events.ofMonth(ACME)).isZero();
        events.reserve(ACME, 100).keep(0);
        assertThat(events.ofMonth(ACME)).isZero();
    }

    @Test
    void aNewMonthBeginsWithNothingUsed() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 100L));
        events.reserve(ACME, 100).keep(100);
        counts.process(ACME, JANUARY, 100, 100);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        time.advance(Duration.ofSeconds(10));
        events.reserve(ACME, 100).keep(100);
        assertThat(refused(1).exceeded().orElseThrow().resetsAt()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        time.advance(Duration.ofSeconds(-10));
        assertThat(refused(1).exceeded().orElseThrow().resetsAt())
                .as("a clock that is set back is in the old month again")
                .isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
    }

    @Test
    void whatWasCountedBeforeARestartIsUsed() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 100L));
        counts.process(ACME, JANUARY.minusDays(5), 0, 99);
        events.reserve(ACME, 1).keep(1);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void manyAtATimeNeverPassTheMonthTogether() throws Exception {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 10_000L));
        long seed = 5;
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<Long>> sent = new ArrayList<>();
        long all = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(9)) {
            for (int thread = 0; thread < 8; thread++) {
                SplittableRandom random = new SplittableRandom(seed + thread);
                sent.add(pool.submit(() -> {
                    begin.await();
                    long sum = 0;
                    for (int request = 0; request < 3_000; request++) {
                        int count = 1 + random.nextInt(20);
                        try {
                            EventAllowance.Reservation reservation = events.reserve(ACME, count);
                            if (random.nextInt(4) == 0) {
                                reservation.cancel();
                            } else {
                                reservation.keep(count);
                                counts.process(ACME, JANUARY, count, count);
                                sum += count;
                            }
                        } catch (TidemarkException refused) {
                            assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                        }
                    }
                    return sum;
                }));
            }
            begin.countDown();
            for (Future<Long> each : sent) {
                all += each.get();
            }
        }
        assertThat(all).as("seed %d", seed).isLessThanOrEqualTo(10_000).isGreaterThan(9_980);
        assertThat(counts.ofMonth(ACME, java.time.YearMonth.from(JANUARY))).isEqualTo(all);
    }

    @Test
    void aBurstIsLetInAndThenNoMoreThanTheRate() {
        limit(ACME, Map.of(Limit.EVENTS_PER_SECOND, 1_000L));
        events.reserve(ACME, 5_000).keep(5_000);
        TidemarkException refused = refused(500);
        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.exceeded().orElseThrow().retryAfter()).isEqualTo(Duration.ofMillis(500));
        assertThat(refused.exceeded().orElseThrow().headers())
                .containsEntry("RateLimit-Policy", "\"events_per_second\";q=5000;w=5")
                .containsEntry("RateLimit", "\"events_per_second\";r=0;t=5");
        time.advance(Duration.ofMillis(500));
        events.reserve(ACME, 500).keep(500);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void theLargestRequestFitsIntoEveryBurst() {
        limit(ACME, Map.of(Limit.EVENTS_PER_SECOND, 1L));
        events.reserve(ACME, 2_000).keep(2_000);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void aLimitThatIsLoweredWhileItIsUsedHoldsAtOnce() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 1_000L));
        events.reserve(ACME, 600).keep(600);
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 500L));
        assertThat(refused(1).exceeded().orElseThrow().hard()).isEqualTo(500);
        limit(ACME, Map.of());
        events.reserve(ACME, 10_000).keep(10_000);
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 10_600L));
        assertThat(refused(1).code())
                .as("what came while nothing was limited counts too")
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void oneTenantsFloodLeavesTheOthersAlone() {
        plans.replace(List.of(new Plan(
                Plan.DEFAULT,
                new Limits(Map.of(Limit.EVENTS_PER_SECOND, 10L, Limit.EVENTS_PER_MONTH, 5_000L), null, null))));
        events.reserve(ACME, 2_000).keep(2_000);
        assertThat(refused(1).code()).isEqualTo(ErrorCode.RATE_LIMITED);
        Map<String, String> headers = events.reserve(GLOBEX, 1).headers();
        assertThat(headers.get("RateLimit"))
                .isEqualTo("\"events_per_month\";r=4999;t=10, \"events_per_second\";r=1999;t=1");
    }

    @Test
    void whoRateIsRefusedKeepsTheMonthUntouched() {
        limit(ACME, Map.of(Limit.EVENTS_PER_SECOND, 1L, Limit.EVENTS_PER_MONTH, 10_000L));
        events.reserve(ACME, 2_000).keep(2_000);
        for (int attempt = 0; attempt < 100; attempt++) {
            assertThat(refused(100).code()).isEqualTo(ErrorCode.RATE_LIMITED);
        }
        assertThat(events.ofMonth(ACME)).isEqualTo(2_000);
    }

    @Test
    void fullStorageTakesNothingMore() {
        limit(ACME, Map.of(Limit.STORAGE_BYTES, 1_000L));
        events.reserve(ACME, 10).keep(10);
        stored = OptionalLong.of(850);
        assertThat(events.reserve(ACME, 10).headers())
                .containsEntry("Tidemark-Quota-Warning", "\"storage_bytes\";used=850;hard=1000");
        stored = OptionalLong.of(1_000);
        assertThat(refused(1).exceeded().orElseThrow().limit()).isEqualTo("storage_bytes");
        stored = OptionalLong.of(10);
        events.reserve(ACME, 10).keep(10);
    }

    @Test
    void aLimitOfNothingLetsNothingIn() {
        limit(ACME, Map.of(Limit.EVENTS_PER_MONTH, 0L));
        assertThat(refused(1).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    private void limit(TenantId tenant, Map<Limit, Long> limits) {
        plans.give(tenant, new TenantPlan(Plan.DEFAULT, new Limits(limits, null, null)));
    }

    private TidemarkException refused(int count) {
        TidemarkException refused = catchThrowableOfType(TidemarkException.class, () -> events.reserve(ACME, count));
        assertThat(refused).as("%d events are refused", count).isNotNull();
        return refused;
    }
}
