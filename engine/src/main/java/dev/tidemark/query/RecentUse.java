package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * How much of the engine each tenant has taken lately, in cores: the time of its statements, once for each of their threads, fading within
 * seconds. A statement counts while it runs, not only when it is over. Thread-safe.
 */
final class RecentUse {
    private static final double NANOS = 1e9;
    private static final double FADES_SECONDS = 5;
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(2).toNanos();

    private final TimeSource time;
    private final long activeNanos;
    private final Map<TenantId, Account> accounts = new HashMap<>();
    private long swept;

    /** @param active how long after its last statement a tenant counts as one that others must leave room for */
    RecentUse(TimeSource time, Duration active) {
        this.time = time;
        this.activeNanos = active.toNanos();
        this.swept = time.nanos();
    }

    private static final class Account {
        private double coreSeconds;
        private int threads;
        private long at;

        private Account(long at) {
            this.at = at;
        }

        private void until(long now) {
            double seconds = (now - at) / NANOS;
            double kept = Math.exp(-seconds / FADES_SECONDS);
            coreSeconds = coreSeconds * kept + threads * FADES_SECONDS * (1 - kept);
            at = now;
        }

        private double cores() {
            return coreSeconds / FADES_SECONDS;
        }
    }

    /** Notes that a tenant has something to ask. */
    synchronized void asks(TenantId tenant) {
        long now = time.nanos();
        sweep(now);
        account(tenant, now).until(now);
    }

    /** A statement of a tenant begins on so many threads. */
    synchronized void begins(TenantId tenant, int threads) {
        long now = time.nanos();
        Account account = account(tenant, now);
        account.until(now);
        account.threads += threads;
    }

    /** One of those is over. */
    synchronized void ends(TenantId tenant, int threads) {
        long now = time.nanos();
        Account account = account(tenant, now);
        account.until(now);
        account.threads -= threads;
    }

    /** Cores that a tenant has taken in the mean of the last seconds. */
    synchronized double cores(TenantId tenant) {
        long now = time.nanos();
        Account account = account(tenant, now);
        account.until(now);
        return account.cores();
    }

    /** Whether another tenant has asked something lately. */
    synchronized boolean hasOthers(TenantId tenant) {
        long now = time.nanos();
        for (Map.Entry<TenantId, Account> each : accounts.entrySet()) {
            Account account = each.getValue();
            if (!each.getKey().equals(tenant) && (account.threads > 0 || now - account.at <= activeNanos)) {
                return true;
            }
        }
        return false;
    }

    private Account account(TenantId tenant, long now) {
        return accounts.computeIfAbsent(tenant, _ -> new Account(now));
    }

    private void sweep(long now) {
        if (now - swept < FORGOTTEN_NANOS) {
            return;
        }
        swept = now;
        for (Iterator<Account> each = accounts.values().iterator(); each.hasNext(); ) {
            Account account = each.next();
            if (account.threads == 0 && now - account.at > FORGOTTEN_NANOS) {
                each.remove();
            }
        }
    }
}
