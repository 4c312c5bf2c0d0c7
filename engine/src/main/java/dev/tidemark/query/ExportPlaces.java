package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many exports run at a time, of a tenant and of all; more are turned away. Thread-safe. */
final class ExportPlaces {
    private static final int OF_A_TENANT = 4;

    private static final int OF_ALL = 16;

    private final AtomicInteger all = new AtomicInteger();
    private final Map<TenantId, AtomicInteger> taken = new ConcurrentHashMap<>();

    /** Gives a place until it is closed. Fails with {@code OVERLOADED} when there is none. */
    Place take(TenantId tenant) {
        if (all.incrementAndGet() > OF_ALL) {
            all.decrementAndGet();
            throw new TidemarkException(ErrorCode.OVERLOADED, "too many exports are under way; try again later");
        }
        AtomicInteger ofTenant = taken.computeIfAbsent(tenant, _ -> new AtomicInteger());
        if (ofTenant.incrementAndGet() > OF_A_TENANT) {
            ofTenant.decrementAndGet();
            all.decrementAndGet();
            throw new TidemarkException(
                    ErrorCode.OVERLOADED,
                    "there are " + OF_A_TENANT + " exports under way already; wait for one to end");
        }
        return () -> {
            ofTenant.decrementAndGet();
            all.decrementAndGet();
        };
    }

    /** A place that is given back once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
