package dev.tidemark.collect;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.MaskingRule;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import java.util.List;
import java.util.Set;

/** The compiled masking rules of every tenant, compiled again when they change. Thread-safe. */
final class Masking {
    private static final int TENANTS_KEPT = 10_000;

    private final Secret serverKey;
    private final Cache<TenantId, Compiled> compiled =
            Caffeine.newBuilder().maximumSize(TENANTS_KEPT).build();
    private final MaskingRules none;

    Masking(Secret serverKey) {
        this.serverKey = serverKey;
        this.none = new MaskingRules(List.of(), new KeyedHash(serverKey, new TenantId("none")));
    }

    MaskingRules of(TenantId tenant, List<MaskingRule> rules) {
        if (rules.isEmpty()) {
            return none;
        }
        Compiled known = compiled.getIfPresent(tenant);
        if (known == null || !known.source().equals(rules)) {
            known = new Compiled(rules, new MaskingRules(rules, new KeyedHash(serverKey, tenant)));
            compiled.put(tenant, known);
        }
        return known.rules();
    }

    /** Rules for what went through them before. */
    MaskingRules again(TenantId tenant, List<MaskingRule> rules, Set<String> hashed) {
        return new MaskingRules(rules, new KeyedHash(serverKey, tenant, hashed));
    }

    private record Compiled(List<MaskingRule> source, MaskingRules rules) {}
}
