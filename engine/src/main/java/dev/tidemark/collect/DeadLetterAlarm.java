package dev.tidemark.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Raises an alert when the dead letters of a tenant within sixty minutes reach the number that it set, and clears it when they have
 * become fewer than half of that. Counts since the server started: what was up then stays so for an hour at least. Thread-safe; never blocks.
 */
final class DeadLetterAlarm {
    private static final long MINUTE_MILLIS = 60_000;
    private static final int MINUTES = 60;
    private static final int TENANTS_KEPT = 10_000;

    private final TenantDirectory tenants;
    private final Alerts alerts;
    private final TimeSource time;
    private final long since;
    private final Cache<TenantId, Hour> hours =
            Caffeine.newBuilder().maximumSize(TENANTS_KEPT).build();

    DeadLetterAlarm(TenantDirectory tenants, Alerts alerts, TimeSource time) {
        this.tenants = tenants;
        this.alerts = alerts;
        this.time = time;
        this.since = minute();
    }

    /** Counts letters of a tenant that came just now. */
    void noted(TenantId tenant, int letters) {
        Integer perHour = perHour(tenant);
        if (perHour == null) {
            return;
        }
        long now = minute();
        long counted = hours.get(tenant, _ -> new Hour(now)).add(now, letters);
        if (counted >= perHour) {
            alerts.raise(
                    tenant,
                    AlertKind.DEAD_LETTERS,
                    "",
                    Map.of("dead_letters", counted, "per_hour", perHour.longValue()));
        }
    }

    /** Clears what is over. To be called now and then, with every tenant that there is. */
    void look(List<TenantId> all) {
        long now = minute();
        for (TenantId tenant : all) {
            Integer perHour = perHour(tenant);
            if (perHour == null || (now - since > MINUTES && 2 * counted(tenant, now) < perHour)) {
                alerts.clear(tenant, AlertKind.DEAD_LETTERS, "");
            }
        }
    }

    private long counted(TenantId tenant, long now) {
        Hour hour = hours.getIfPresent(tenant);
        return hour == null ? 0 : hour.add(now, 0);
    }

    private @Nullable Integer perHour(TenantId tenant) {
        return tenants.settings(tenant).governance().alerts().deadLettersPerHour();
    }

    private long minute() {
        return Math.floorDiv(time.millis(), MINUTE_MILLIS);
    }

    /** How many came in each of the last sixty minutes. */
    private static final class Hour {
        private final long[] letters = new long[MINUTES];
        private long newest;
        private long sum;

        Hour(long newest) {
            this.newest = newest;
        }

        /** Returns how many there are with these. */
        synchronized long add(long minute, int more) {
            for (long next = Math.max(newest + 1, minute - MINUTES + 1); next <= minute; next++) {
                int place = (int) Math.floorMod(next, (long) MINUTES);
                sum -= letters[place];
                letters[place] = 0;
            }
            newest = Math.max(newest, minute);
            letters[(int) Math.floorMod(newest, (long) MINUTES)] += more;
            sum += more;
            return sum;
        }
    }
}
