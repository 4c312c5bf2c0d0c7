package dev.tidemark.collect;

import dev.tidemark.account.AlertSettings;
import dev.tidemark.account.ConsentRule;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.Governance;
import dev.tidemark.account.MaskingRule;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tenants in memory, as a test arranges them before it starts. */
final class FixedTenants implements TenantDirectory {
    static final TenantId ACME = new TenantId("acme");
    static final TenantId OTHER = new TenantId("other");
    static final String WRITE_KEY = "wk_acme";
    static final String SITE_KEY = "wk_acme_site";
    static final String SECRET_KEY = "sk_acme";
    static final String OTHER_KEY = "wk_other";
    static final String SITE = "https://shop.example";

    private final Map<String, EventSchema> schemas = new HashMap<>();
    private volatile TenantSettings settings = TenantSettings.DEFAULTS;

    FixedTenants masking(MaskingRule... rules) {
        settings = new TenantSettings(ZoneOffset.UTC, DayOfWeek.MONDAY, settings.retentionDays(), List.of(rules));
        return this;
    }

    FixedTenants retention(@Nullable Integer days) {
        settings = new TenantSettings(ZoneOffset.UTC, DayOfWeek.MONDAY, days, settings.masking());
        return this;
    }

    FixedTenants consent(ConsentRule rule) {
        settings = new TenantSettings(
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                null,
                settings.masking(),
                new Governance(Map.of(), rule, AlertSettings.NONE, EventSchema.Compatibility.NONE));
        return this;
    }

    /** Tells of so many dead letters within an hour; null for never. */
    FixedTenants telling(@Nullable Integer deadLettersPerHour) {
        settings = new TenantSettings(
                ZoneOffset.UTC,
                DayOfWeek.MONDAY,
                null,
                settings.masking(),
                new Governance(
                        Map.of(),
                        ConsentRule.DEFAULT,
                        new AlertSettings(null, null, deadLettersPerHour),
                        EventSchema.Compatibility.NONE));
        return this;
    }

    FixedTenants schema(String type, EventSchema.Mode mode, String json) {
        schemas.put(type, new EventSchema(ACME, type, 1, mode, null, json));
        return this;
    }

    @Override
    public Optional<Credential> authenticate(String presentedKey) {
        return Optional.ofNullable(
                switch (presentedKey) {
                    case WRITE_KEY -> new Credential.WriteKey(ACME, "k1", List.of());
                    case SITE_KEY -> new Credential.WriteKey(ACME, "k2", List.of(SITE));
                    case SECRET_KEY -> new Credential.SecretKey(ACME, "k3");
                    case OTHER_KEY -> new Credential.WriteKey(OTHER, "k4", List.of());
                    default -> null;
                });
    }

    @Override
    public TenantSettings settings(TenantId tenant) {
        return tenant.equals(ACME) ? settings : TenantSettings.DEFAULTS;
    }

    @Override
    public Optional<EventSchema> schema(TenantId tenant, String eventType) {
        return tenant.equals(ACME) ? Optional.ofNullable(schemas.get(eventType)) : Optional.empty();
    }
}
