package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.RateLimiter.Name;
import dev.tidemark.account.RateLimiter.Rate;
import dev.tidemark.account.RateLimiter.Taken;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every rate limiter keeps to. */
abstract class AbstractRateLimiterContract {
    private static final Rate RATE = new Rate(100, 10, Duration.ofSeconds(1));
    private static final Name ACME = new Name("events", new RateLimiter.Owner.OfTenant(new TenantId("acme")));
    private static final Name GLOBEX = new Name("events", new RateLimiter.Owner.OfTenant(new TenantId("globex")));

    private final SettableTime time = new SettableTime("2026-01-31T23:59:59.500Z");
    private final RateLimiter limiter = limiter(time);

    abstract RateLimiter limiter(TimeSource clock);

    @Test
    void aBucketIsFullAtFirstAndFillsSteadily() {
        assertThat(limiter.take(ACME, RATE, 100)).isEqualTo(new Taken(true, 0, Duration.ZERO));
        assertThat(limiter.take(ACME, RATE, 1).granted()).isFalse();
        time.advance(Duration.ofSeconds(3));
        assertThat(limiter.left(ACME, RATE)).isEqualTo(30);
        time.advance(Duration.ofHours(1));
        assertThat(limiter.left(ACME, RATE)).isEqualTo(100);
    }

    @Test
    void takesAllOrNoneAndSaysHowLongToWait() {
        limiter.take(ACME, RATE, 95);
        Taken refused = limiter.take(ACME, RATE, 10);
        assertThat(refused).isEqualTo(new Taken(false, 5, Duration.ofMillis(500)));
        time.advance(refused.delay());
        assertThat(limiter.take(ACME, RATE, 10).granted()).isTrue();
    }

    @Test
    void neverGrantsMoreThanTheCapacityAtOnceHoweverLongOneWaits() {
        assertThat(limiter.take(ACME, RATE, 101).granted()).isFalse();
        time.advance(Duration.ofDays(40));
        assertThat(limiter.take(ACME, RATE, 101).granted()).isFalse();
        assertThat(limiter.left(ACME, RATE)).isEqualTo(100);
    }

    @Test
    void ownersAndLimitsHaveBucketsOfTheirOwn() {
        limiter.take(ACME, RATE, 100);
        assertThat(limiter.take(GLOBEX, RATE, 100).granted()).isTrue();
        assertThat(limiter.take(new Name("queries", new RateLimiter.Owner.OfTenant(new TenantId("acme"))), RATE, 100)
                        .granted())
                .isTrue();
        assertThat(limiter.take(ACME, RATE, 1).granted()).isFalse();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgainAndNeverOverflows() {
        limiter.take(ACME, RATE, 60);
        limiter.giveBack(ACME, RATE, 50);
        assertThat(limiter.left(ACME, RATE)).isEqualTo(90);
        limiter.giveBack(ACME, RATE, 50);
        assertThat(limiter.left(ACME, RATE)).isEqualTo(100);
    }

    @Test
    void aLoweredRateHoldsAtOnceAndARaisedOneGivesNothingAway() {
        Rate lower = new Rate(20, 2, Duration.ofSeconds(1));
        limiter.take(ACME, RATE, 10);
        assertThat(limiter.take(ACME, lower, 21).granted()).isFalse();
        assertThat(limiter.take(ACME, lower, 20).granted()).isTrue();
        assertThat(limiter.take(ACME, RATE, 1).granted()).isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(limiter.left(ACME, RATE)).isEqualTo(10);
    }

    @Test
    void manyAtATimeGetNoMoreThanThereIs() throws Exception {
        long seed = 11;
        int threads = 8;
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<Long>> taken = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                SplittableRandom random = new SplittableRandom(seed + thread);
                taken.add(pool.submit(() -> {
                    begin.await();
                    long sum = 0;
                    for (int attempt = 0; attempt < 5_000; attempt++) {
                        int tokens = 1 + random.nextInt(7);
                        if (limiter.take(ACME, RATE, tokens).granted()) {
                            sum += tokens;
                        }
                    }
                    return sum;
                }));
            }
            begin.countDown();
            long all = 0;
            for (Future<Long> each : taken) {
                all += each.get();
            }
            assertThat(all).as("seed %d", seed).isEqualTo(100);
        }
    }
}
