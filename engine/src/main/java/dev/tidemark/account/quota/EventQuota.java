package dev.tidemark.account.quota;

import dev.tidemark.account.RateLimiter;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets events in, within what their tenant may send in a second, keep in a month and store at all.
 *
 * <p>What a month has is what is counted durably, and what is on its way there. Whoever asks adds first and compares then, so that many at
 * a time cannot pass the limit together; that on the way the same event stands on both sides for a moment can refuse one too early,
 * never let one in too late. Thread-safe, without locks.
 */
public final class EventQuota implements EventAllowance {
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Plans plans;
    private final RateLimiter limiter;
    private final StorageSizes sizes;
    private final TimeSource time;
    private final Activities activities;
    private volatile EventCounts counts = EventCounts.NONE;
    private volatile Window window;

    EventQuota(Plans plans, RateLimiter limiter, StorageSizes sizes, TimeSource time, Activities activities) {
        this.plans = plans;
        this.limiter = limiter;
        this.sizes = sizes;
        this.time = time;
        this.activities = activities;
        this.window = Window.of(time.millis());
    }

    /** Names who counts events durably. Before the first event. */
    void countedBy(EventCounts who) {
        counts = who;
    }

    @Override
    public Reservation reserve(TenantId tenant, int events) {
        Limits limits = plans.of(tenant);
        TenantActivity activity = activities.of(tenant);
        if (!limits.boundsEvents()) {
            activity.events.addAndGet(events);
            return new Reserved(activity, events, null, null, Map.of());
        }
        Left left = new Left();
        roomFor(tenant, limits, left);
        long of = ofMonth(tenant, activity.events.addAndGet(events));
        try {
            inMonth(limits, of, events, left);
            return inSecond(tenant, limits, activity, events, left);
        } catch (TidemarkException refused) {
            activity.events.addAndGet(-events);
            throw refused;
        }
    }

    /** How many events the month has by now. */
    long ofMonth(TenantId tenant) {
        return ofMonth(tenant, activities.of(tenant).events.get());
    }

    /** How many events are let in and not counted yet. */
    long onTheWay(TenantId tenant) {
        return Math.max(0, activities.of(tenant).events.get() - counts.settled(tenant));
    }

    EventCounts counts() {
        return counts;
    }

    Window window() {
        long now = time.millis();
        Window known = window;
        if (known.has(now)) {
            return known;
        }
        Window next = Window.of(now);
        window = next;
        return next;
    }

    /** What has been settled is read before what is counted: what comes in between then stands on both sides. */
    private long ofMonth(TenantId tenant, long letIn) {
        long onTheWay = Math.max(0, letIn - counts.settled(tenant));
        return onTheWay + counts.ofMonth(tenant, window().month());
    }

    private void roomFor(TenantId tenant, Limits limits, Left left) {
        Long most = limits.hard(Limit.STORAGE_BYTES);
        if (most == null) {
            return;
        }
        long used = sizes.of(tenant).orElse(0);
        left.used(Limit.STORAGE_BYTES, used, limits);
        if (used >= most) {
            throw refused(
                    Limit.STORAGE_BYTES,
                    most,
                    "the tenant's storage is full: delete data, shorten the retention or ask for a larger plan",
                    time.instant().plus(LONGEST_RETRY),
                    left);
        }
    }

    private void inMonth(Limits limits, long used, int events, Left left) {
        Long most = limits.hard(Limit.EVENTS_PER_MONTH);
        if (most == null) {
            return;
        }
        Window month = window();
        long untilEnd = Duration.between(time.instant(), month.end()).toSeconds();
        boolean over = used > most;
        long before = over ? used - events : used;
        left.windowed(Limit.EVENTS_PER_MONTH, most, month.seconds(), most - before, untilEnd);
        left.used(Limit.EVENTS_PER_MONTH, before, limits);
        if (over) {
            throw refused(
                    Limit.EVENTS_PER_MONTH,
                    most,
                    "the tenant has sent as many events as it may in a month",
                    month.end(),
                    left);
        }
    }

    private Reservation inSecond(TenantId tenant, Limits limits, TenantActivity activity, int events, Left left) {
        Long most = limits.hard(Limit.EVENTS_PER_SECOND);
        if (most == null) {
            return new Reserved(activity, events, null, null, left.headers());
        }
        RateLimiter.Rate rate = new RateLimiter.Rate(limits.burstOrDefault(most), most, SECOND);
        RateLimiter.Name bucket =
                new RateLimiter.Name(Limit.EVENTS_PER_SECOND.wireName(), new RateLimiter.Owner.OfTenant(tenant));
        RateLimiter.Taken taken = limiter.take(bucket, rate, events);
        Duration untilFull = Duration.ofMillis((rate.capacity() - taken.left()) * 1_000 / most);
        left.windowed(
                Limit.EVENTS_PER_SECOND,
                rate.capacity(),
                rate.timeToFill().toSeconds(),
                taken.left(),
                Math.ceilDiv(untilFull.toMillis(), 1_000));
        if (!taken.granted()) {
            activities.refused(Limit.EVENTS_PER_SECOND);
            throw new TidemarkException(
                    Limit.EVENTS_PER_SECOND.code(),
                    "the tenant sends more events than it may in a second",
                    new Exceeded(
                            Limit.EVENTS_PER_SECOND.wireName(),
                            most,
                            time.instant().plus(untilFull),
                            taken.delay(),
                            left.headers()));
        }
        return new Reserved(activity, events, bucket, rate, left.headers());
    }

    private TidemarkException refused(Limit limit, long hard, String detail, Instant resetsAt, Left left) {
        activities.refused(limit);
        Duration wait = Duration.between(time.instant(), resetsAt);
        return new TidemarkException(
                limit.code(),
                detail,
                new Exceeded(
                        limit.wireName(),
                        hard,
                        resetsAt,
                        wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY,
                        left.headers()));
    }

    private final class Reserved implements Reservation {
        private final TenantActivity activity;
        private final int events;
        private final RateLimiter.@Nullable Name bucket;
        private final RateLimiter.@Nullable Rate rate;
        private final Map<String, String> headers;
        private int counted;

        private Reserved(
                TenantActivity activity,
                int events,
                RateLimiter.@Nullable Name bucket,
                RateLimiter.@Nullable Rate rate,
                Map<String, String> headers) {
            this.activity = activity;
            this.events = events;
            this.counted = events;
            this.bucket = bucket;
            this.rate = rate;
            this.headers = headers;
        }

        @Override
        public void keep(int kept) {
            activity.events.addAndGet((long) kept - counted);
            counted = kept;
        }

        @Override
        public void cancel() {
            activity.events.addAndGet(-counted);
            counted = 0;
            if (bucket != null && rate != null) {
                limiter.giveBack(bucket, rate, events);
            }
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }
    }
}
