package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sizes as they were when they were last measured. While they cannot be measured, the former ones stay. Thread-safe. */
public final class MeasuredSizes implements StorageSizes {
    private static final Logger LOG = LoggerFactory.getLogger(MeasuredSizes.class);

    private final Supplier<Map<TenantId, Long>> measure;
    private volatile @Nullable Map<TenantId, Long> measured;

    /** @param measure the sizes of all tenants that have one */
    public MeasuredSizes(Supplier<Map<TenantId, Long>> measure) {
        this.measure = measure;
    }

    @Override
    public OptionalLong of(TenantId tenant) {
        Map<TenantId, Long> known = measured;
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.getOrDefault(tenant, 0L));
    }

    /** Measures anew. Blocks. */
    public void refresh() {
        try {
            measured = Map.copyOf(measure.get());
        } catch (TidemarkException failure) {
            LOG.atDebug().addKeyValue("why", failure.detail()).log("storage could not be measured");
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).log("measuring storage failed");
        }
    }
}
