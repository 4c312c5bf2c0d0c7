package dev.tidemark.account;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A database in which the tenants {@code acme} and {@code other} are, which contract suites of stores speak of. */
final class TwoTenants {
    private TwoTenants() {}

    static MetadataDatabase in(Path directory) {
        MetadataDatabase database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        AccountStore accounts = new SqliteAccountStore(database);
        for (String tenant : List.of("acme", "other")) {
            accounts.addTenant(
                    new Tenant(new TenantId(tenant), TenantSettings.DEFAULTS, new Secret("s"), Instant.EPOCH));
        }
        return database;
    }
}
