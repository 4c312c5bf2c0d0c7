package dev.tidemark.account.quota;

import dev.tidemark.base.Rounds;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * Leaves room for every tenant while the machine is busy: who sends more than a {@link WaterLevel level} that is found by measuring waits for
 * its turn. No limit needs to be set for it, and a tenant that is alone on the server never meets it. Letting in takes no lock; thread-safe.
 */
public final class FairShares implements FairShare, AutoCloseable {
    static final Duration PERIOD = Duration.ofMillis(250);

    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final double NANOS = 1e9;

    private final FairnessSettings settings;
    private final DoubleSupplier load;
    private final TimeSource time;
    private final WaterLevel waterLevel;
    private final Map<TenantId, ShareAccount> accounts = new ConcurrentHashMap<>();
    private volatile double level = WaterLevel.NONE;
    private long lookedAt;
    private final Rounds rounds;

    /**
     * Does not look yet.
     *
     * @param load share of the processors that is in use, 0 to 1
     */
    public FairShares(FairnessSettings settings, DoubleSupplier load, TimeSource time, MeterRegistry registry) {
        this.settings = settings;
        this.load = load;
        this.time = time;
        this.waterLevel = new WaterLevel(settings);
        this.lookedAt = time.nanos();
        this.rounds = new Rounds("fairness", this::lookAgain, PERIOD, time);
        Gauge.builder("tidemark.fairness.level", this, shares -> shares.level)
                .description("Events a second that any one tenant may send now; infinite while nobody is held back")
                .register(registry);
    }

    /** Begins to look. Once. */
    public void start() {
        rounds.start();
    }

    @Override
    public Entry enter(TenantId tenant) {
        long now = time.nanos();
        ShareAccount account = seen(tenant, now);
        double known = level;
        if (known == WaterLevel.NONE) {
            return account.freely();
        }
        long wait = account.enter(now, known);
        return wait == 0
                ? new Entry.In(account.turn(now, known))
                : new Entry.Wait(Duration.ofNanos(wait), (long) known);
    }

    /** Notes that a tenant asks something, and so needs room. */
    public void asks(TenantId tenant) {
        ShareAccount _ = seen(tenant, time.nanos());
    }

    private ShareAccount seen(TenantId tenant, long now) {
        ShareAccount known = accounts.get(tenant);
        ShareAccount account = known == null ? accounts.computeIfAbsent(tenant, _ -> new ShareAccount(now)) : known;
        account.seen(now);
        return account;
    }

    private boolean lookAgain() {
        look();
        return false;
    }

    /** Looks once. */
    synchronized void look() {
        long now = time.nanos();
        double seconds = Math.max(1e-3, (now - lookedAt) / NANOS);
        lookedAt = now;
        level = waterLevel.look(load.getAsDouble(), rates(now, seconds));
    }

    private WaterLevel.Rates rates(long now, double seconds) {
        int active = 0;
        double total = 0;
        double heaviest = 0;
        double lightest = Double.MAX_VALUE;
        for (Iterator<ShareAccount> each = accounts.values().iterator(); each.hasNext(); ) {
            ShareAccount account = each.next();
            long idle = now - account.seenAt();
            if (idle > FORGOTTEN.toNanos()) {
                each.remove();
                continue;
            }
            double rate = account.look(seconds);
            total += rate;
            heaviest = Math.max(heaviest, rate);
            if (idle <= settings.active().toNanos()) {
                active++;
                lightest = Math.min(lightest, rate);
            }
        }
        return new WaterLevel.Rates(active, total, heaviest, lightest);
    }

    @Override
    public void close() {
        rounds.close();
    }
}
