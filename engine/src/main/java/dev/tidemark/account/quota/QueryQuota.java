package dev.tidemark.account.quota;

import dev.tidemark.account.RateLimiter;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets requests ask, within how many their tenant may ask in a minute and at a time. Thread-safe, without locks. */
public final class QueryQuota implements Allowance {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Plans plans;
    private final RateLimiter limiter;
    private final TimeSource time;
    private final Activities activities;
    private volatile Consumer<TenantId> told = _ -> {};

    QueryQuota(Plans plans, RateLimiter limiter, TimeSource time, Activities activities) {
        this.plans = plans;
        this.limiter = limiter;
        this.time = time;
        this.activities = activities;
    }

    /** Names who is told of every attempt to ask, on the thread that asks. Before the first. */
    public void tells(Consumer<TenantId> who) {
        told = who;
    }

    @Override
    public Turn begin(TenantId tenant) {
        told.accept(tenant);
        Limits limits = plans.of(tenant);
        TenantActivity activity = activities.of(tenant);
        Left left = new Left();
        int now = activity.beingAnswered.incrementAndGet();
        try {
            atOnce(limits, now, left);
            return inMinute(tenant, limits, activity, left);
        } catch (TidemarkException refused) {
            activity.beingAnswered.decrementAndGet();
            throw refused;
        }
    }

    private void atOnce(Limits limits, int now, Left left) {
        Long most = limits.hard(Limit.CONCURRENT_QUERIES);
        if (most == null) {
            return;
        }
        left.atOnce(Limit.CONCURRENT_QUERIES, most, most - now);
        if (now > most) {
            throw refused(
                    Limit.CONCURRENT_QUERIES,
                    most,
                    "the tenant asks more at a time than it may: wait for an answer",
                    time.instant().plus(SOON),
                    SOON,
                    left);
        }
    }

    private Turn inMinute(TenantId tenant, Limits limits, TenantActivity activity, Left left) {
        Long most = limits.hard(Limit.QUERIES_PER_MINUTE);
        if (most == null) {
            return new Asked(activity, null, null, left.headers());
        }
        RateLimiter.Rate rate = RateLimiter.Rate.of(most, MINUTE);
        RateLimiter.Name bucket =
                new RateLimiter.Name(Limit.QUERIES_PER_MINUTE.wireName(), new RateLimiter.Owner.OfTenant(tenant));
        RateLimiter.Taken taken = limiter.take(bucket, rate, 1);
        Duration untilFull = Duration.ofMillis((most - taken.left()) * MINUTE.toMillis() / most);
        left.windowed(
                Limit.QUERIES_PER_MINUTE,
                most,
                MINUTE.toSeconds(),
                taken.left(),
                Math.ceilDiv(untilFull.toMillis(), 1_000));
        left.used(Limit.QUERIES_PER_MINUTE, most - taken.left(), limits);
        if (!taken.granted()) {
            throw refused(
                    Limit.QUERIES_PER_MINUTE,
                    most,
                    "the tenant has asked as much as it may in a minute",
                    time.instant().plus(untilFull),
                    taken.delay(),
                    left);
        }
        return new Asked(activity, bucket, rate, left.headers());
    }

    private TidemarkException refused(
            Limit limit, long hard, String detail, Instant resetsAt, Duration retryAfter, Left left) {
        activities.refused(limit);
        return new TidemarkException(
                limit.code(), detail, new Exceeded(limit.wireName(), hard, resetsAt, retryAfter, left.headers()));
    }

    private final class Asked implements Turn {
        private final TenantActivity activity;
        private final RateLimiter.@Nullable Name bucket;
        private final RateLimiter.@Nullable Rate rate;
        private final Map<String, String> headers;

        private Asked(
                TenantActivity activity,
                RateLimiter.@Nullable Name bucket,
                RateLimiter.@Nullable Rate rate,
                Map<String, String> headers) {
            this.activity = activity;
            this.bucket = bucket;
            this.rate = rate;
            this.headers = headers;
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public void end(boolean asked) {
            activity.beingAnswered.decrementAndGet();
            if (asked) {
                activity.queries.increment();
            } else if (bucket != null && rate != null) {
                limiter.giveBack(bucket, rate, 1);
            }
        }
    }
}
