package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.util.OptionalLong;

/** How many bytes the store holds of a tenant, by estimate and as of some time ago. Never blocks; thread-safe. */
@FunctionalInterface
public interface StorageSizes {
    /** Of whom nobody measures anything. */
    StorageSizes UNKNOWN = _ -> OptionalLong.empty();

    /** Empty where it has not been measured. */
    OptionalLong of(TenantId tenant);
}
