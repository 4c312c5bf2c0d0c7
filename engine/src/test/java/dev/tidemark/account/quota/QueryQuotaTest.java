package dev.tidemark.account.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.account.LocalRateLimiter;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Allowance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Questions and viewers against how many their tenant may have. */
final class QueryQuotaTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final MemoryQuotaStore store = new MemoryQuotaStore(ACME, GLOBEX);
    private final Plans plans = new Plans(store);
    private final Quotas quotas = new Quotas(plans, store, new LocalRateLimiter(time), StorageSizes.UNKNOWN, time);
    private final QueryQuota queries = quotas.queries();

    @Test
    void aMinuteHasSoManyQuestions() {
        limit(Map.of(Limit.QUERIES_PER_MINUTE, 60L));
        for (int question = 0; question < 60; question++) {
            queries.begin(ACME).end(true);
        }
        TidemarkException refused = refused();
        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        Exceeded exceeded = refused.exceeded().orElseThrow();
        assertThat(exceeded.limit()).isEqualTo("queries_per_minute");
        assertThat(exceeded.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(exceeded.headers())
                .containsEntry("RateLimit-Policy", "\"queries_per_minute\";q=60;w=60")
                .containsEntry("RateLimit", "\"queries_per_minute\";r=0;t=60");
        queries.begin(GLOBEX).end(true);
        time.advance(Duration.ofSeconds(1));
        queries.begin(ACME).end(true);
        assertThat(refused().code()).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void anAnswerFromMemoryCostsNothing() {
        limit(Map.of(Limit.QUERIES_PER_MINUTE, 1L));
        for (int question = 0; question < 100; question++) {
            queries.begin(ACME).end(false);
        }
        queries.begin(ACME).end(true);
        assertThat(refused().exceeded().orElseThrow().limit()).isEqualTo("queries_per_minute");
        assertThat(line(Limit.QUERIES_PER_MINUTE).used()).isEqualTo(1);
    }

    @Test
    void soManyAreAnsweredAtATimeAndOneThatEndsMakesRoom() {
        limit(Map.of(Limit.CONCURRENT_QUERIES, 3L));
        List<Allowance.Turn> turns = new ArrayList<>();
        for (int question = 0; question < 3; question++) {
            turns.add(queries.begin(ACME));
        }
        assertThat(turns.getLast().headers())
                .containsEntry("RateLimit-Policy", "\"concurrent_queries\";q=3;qu=\"concurrent-requests\"")
                .containsEntry("RateLimit", "\"concurrent_queries\";r=0");
        assertThat(refused().exceeded().orElseThrow().limit()).isEqualTo("concurrent_queries");
        assertThat(line(Limit.CONCURRENT_QUERIES).state()).isEqualTo(Usage.State.HARD);
        turns.removeFirst().end(true);
        queries.begin(ACME).end(true);
        turns.forEach(turn -> turn.end(true));
        assertThat(line(Limit.CONCURRENT_QUERIES).used()).isZero();
    }

    @Test
    void whoIsRefusedForTheMinuteHoldsNoPlace() {
        limit(Map.of(Limit.CONCURRENT_QUERIES, 2L, Limit.QUERIES_PER_MINUTE, 1L));
        queries.begin(ACME).end(true);
        for (int attempt = 0; attempt < 10; attempt++) {
            assertThat(refused().exceeded().orElseThrow().limit()).isEqualTo("queries_per_minute");
        }
        assertThat(line(Limit.CONCURRENT_QUERIES).used()).isZero();
    }

    @Test
    void viewersPastTheLimitAreRefusedWithTheReason() {
        limit(Map.of(Limit.VIEWERS, 2L));
        quotas.require(ACME, 2);
        quotas.require(GLOBEX, 1_000);
        TidemarkException refused = catchThrowableOfType(TidemarkException.class, () -> quotas.require(ACME, 3));
        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refused.exceeded().orElseThrow().limit()).isEqualTo("viewers");
        assertThat(refused.exceeded().orElseThrow().retryAfterSeconds()).isEqualTo(30);
    }

    private void limit(Map<Limit, Long> limits) {
        plans.give(ACME, new TenantPlan(Plan.DEFAULT, new Limits(limits, null, null)));
    }

    private Usage.Line line(Limit limit) {
        return quotas.lines(ACME).stream()
                .filter(line -> line.limit() == limit)
                .findFirst()
                .orElseThrow();
    }

    private TidemarkException refused() {
        TidemarkException refused = catchThrowableOfType(TidemarkException.class, () -> queries.begin(ACME));
        assertThat(refused).isNotNull();
        return refused;
    }
}
