package dev.tidemark.account.quota;

import dev.tidemark.base.AlertKind;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at what every tenant uses: tells of limits that come near or are met, writes down how much was asked, and shows
 * the operator who is near a limit.
 */
public final class QuotaWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int TICKS_BETWEEN_WRITES = 5;
    private static final int TICKS_BETWEEN_MEASURES = 30;
    private static final Duration CALM = Duration.ofHours(1);
    private static final int KEPT_DAYS = 100;
    /** Of the metrics: no more tenants have a line of their own, however many there are. */
    private static final int MOST_SHOWN = 50;

    private final Quotas quotas;
    private final QuotaStore store;
    private final Supplier<List<TenantId>> tenants;
    private final Alerts alerts;
    private final Runnable measure;
    private final AtomicBoolean isMeasuring = new AtomicBoolean();
    private final TimeSource time;
    private final MultiGauge near;
    private final Map<Watched, Told> told = new HashMap<>();
    private long ticks;
    private @Nullable LocalDate cleaned;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    private record Watched(TenantId tenant, Limit limit) {}

    private record Told(Usage.State state, Instant at) {}

    private record Near(Watched watched, double share) {}

    /**
     * Does not look yet.
     *
     * @param tenants all there are
     * @param measure measures what is stored, now and then, on a thread of its own
     */
    public QuotaWatch(
            Quotas quotas,
            QuotaStore store,
            Supplier<List<TenantId>> tenants,
            Alerts alerts,
            Runnable measure,
            TimeSource time,
            MeterRegistry registry) {
        this.measure = measure;
        this.quotas = quotas;
        this.store = store;
        this.tenants = tenants;
        this.alerts = alerts;
        this.time = time;
        this.near = MultiGauge.builder("tidemark.quota.used.share").register(registry);
        for (Limit limit : Limit.values()) {
            FunctionCounter.builder("tidemark.quota.refused", quotas.activities(), all -> all.refusals(limit))
                    .tag("limit", limit.wireName())
                    .register(registry);
        }
    }

    /** Begins to look. Once. */
    public void start() {
        thread = Thread.ofVirtual().name("quotas").start(() -> {
            try {
                while (!closed) {
                    time.sleep(PERIOD);
                    tick();
                }
            } catch (InterruptedException _) {
                LOG.debug("looking at quotas was told to end");
            }
        });
    }

    /** Looks once. */
    synchronized void tick() {
        try {
            if (ticks % TICKS_BETWEEN_MEASURES == 0) {
                tenants.get().forEach(quotas.activities()::of);
                measureSoon();
            }
            quotas.activities().all().values().forEach(TenantActivity::sample);
            look();
            if (++ticks % TICKS_BETWEEN_WRITES == 0) {
                write();
            }
        } catch (TidemarkException failure) {
            LOG.atWarn().addKeyValue("why", failure.detail()).log("usage could not be written down, and is later");
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("looking at quotas failed");
        }
    }

    private void measureSoon() {
        if (isMeasuring.compareAndSet(false, true)) {
            Thread _ = Thread.startVirtualThread(() -> {
                try {
                    measure.run();
                } finally {
                    isMeasuring.set(false);
                }
            });
        }
    }

    private void look() {
        List<Near> all = new ArrayList<>();
        for (TenantId tenant : quotas.activities().all().keySet()) {
            for (Usage.Line line : quotas.lines(tenant)) {
                Watched watched = new Watched(tenant, line.limit());
                if (line.state() != Usage.State.OK) {
                    all.add(new Near(watched, share(line)));
                }
                compare(watched, line);
            }
        }
        near.register(
                all.stream()
                        .sorted(Comparator.comparingDouble(Near::share).reversed())
                        .limit(MOST_SHOWN)
                        .map(each -> MultiGauge.Row.of(
                                Tags.of(
                                        "tenant", each.watched.tenant.value(),
                                        "limit", each.watched.limit.wireName()),
                                each.share))
                        .toList(),
                true);
    }

    private static double share(Usage.Line line) {
        Long hard = line.hard();
        return hard == null || hard == 0 ? 1 : (double) line.used() / hard;
    }

    /** Nearer than before is told at once; farther, once it has been so for an hour, so that nobody is told again and again. */
    private void compare(Watched watched, Usage.Line line) {
        Usage.State state = line.state();
        Instant now = time.instant();
        Told before = told.get(watched);
        if (before == null || state.compareTo(before.state) > 0) {
            told.put(watched, new Told(state, now));
            tell(watched, state, line);
        } else if (state == before.state) {
            if (state != Usage.State.OK) {
                told.put(watched, new Told(state, now));
            }
        } else if (line.hard() == null || !now.isBefore(before.at.plus(CALM))) {
            told.put(watched, new Told(state, now));
            tell(watched, state, line);
        }
    }

    private void tell(Watched watched, Usage.State state, Usage.Line line) {
        String limit = watched.limit.wireName();
        Long hard = line.hard();
        Map<String, Object> details = new HashMap<>();
        details.put("limit", limit);
        details.put("used", line.used());
        details.put("hard", hard == null ? -1 : hard);
        if (state != Usage.State.OK) {
            LOG.atWarn()
                    .addKeyValue("tenant", watched.tenant)
                    .addKeyValue("limit", limit)
                    .addKeyValue("used", line.used())
                    .addKeyValue("hard", hard)
                    .log(state == Usage.State.HARD ? "a tenant has reached a limit" : "a tenant comes near a limit");
        }
        switch (state) {
            case OK -> {
                alerts.clear(watched.tenant, AlertKind.QUOTA_HARD, limit);
                alerts.clear(watched.tenant, AlertKind.QUOTA_SOFT, limit);
            }
            case SOFT -> {
                alerts.clear(watched.tenant, AlertKind.QUOTA_HARD, limit);
                alerts.raise(watched.tenant, AlertKind.QUOTA_SOFT, limit, details);
            }
            case HARD -> {
                alerts.raise(watched.tenant, AlertKind.QUOTA_SOFT, limit, details);
                alerts.raise(watched.tenant, AlertKind.QUOTA_HARD, limit, details);
            }
        }
    }

    private void write() {
        LocalDate today = LocalDate.ofInstant(time.instant(), ZoneOffset.UTC);
        Map<TenantId, Long> more = new HashMap<>();
        quotas.activities().all().forEach((tenant, activity) -> {
            long queries = activity.takeQueries();
            if (queries > 0) {
                more.put(tenant, queries);
            }
        });
        try {
            store.addQueries(more, today);
        } catch (TidemarkException failure) {
            more.forEach((tenant, queries) -> quotas.activities().of(tenant).putQueriesBack(queries));
            throw failure;
        }
        if (!today.equals(cleaned)) {
            store.forgetQueries(today.minusDays(KEPT_DAYS));
            cleaned = today;
        }
    }

    /** Ends looking, and writes down what was asked since the last time. */
    @Override
    public void close() {
        closed = true;
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
        }
        synchronized (this) {
            try {
                write();
            } catch (TidemarkException failure) {
                LOG.atWarn().addKeyValue("why", failure.detail()).log("usage could not be written down");
            }
        }
    }
}
