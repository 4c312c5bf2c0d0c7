package dev.tidemark.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is remembered of tenants so that their paths take one statement. All of it is about which statement to begin with: one that
 * finds it wrong says so in its result. Thread-safe.
 */
final class PathsMemory {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_TENANTS = 10_000;
    private static final int MOST_TYPES = 200_000;

    private final Cache<TenantId, Types> types;
    private final Cache<TenantId, Boolean> lasting;
    private final Cache<TenantId, Boolean> various;

    PathsMemory(TimeSource time) {
        this.types = Caffeine.newBuilder()
                .maximumWeight(MOST_TYPES)
                .weigher((TenantId _, Types known) -> 1 + known.values.texts().size())
                .expireAfterWrite(REMEMBERED)
                .ticker(time::nanos)
                .build();
        this.lasting = flags(time);
        this.various = flags(time);
    }

    private static Cache<TenantId, Boolean> flags(TimeSource time) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_TENANTS)
                .expireAfterWrite(REMEMBERED)
                .ticker(time::nanos)
                .build();
    }

    /**
     * The types of a tenant's events, those that most events are of when there are very many.
     *
     * @param events of all types, ever
     */
    record Types(ValueIds values, long events) {
        /** Whether no other type was there when these were asked for. */
        boolean areAll() {
            return values.texts().size() < ValueIds.MAX;
        }
    }

    /** Asks the store where nothing is remembered. */
    Types types(TenantId tenant, EventStore store) {
        Types known = types.getIfPresent(tenant);
        return known == null ? typesAnew(tenant, store) : known;
    }

    Types typesAnew(TenantId tenant, EventStore store) {
        Types found = ask(tenant, store);
        types.put(tenant, found);
        return found;
    }

    private static Types ask(TenantId tenant, EventStore store) {
        Property property = new Property.EventType();
        Select.Builder hours = Select.from(Table.ROLLUP_HOUR, new Parameters(tenant));
        PropertyColumns columns = PropertyColumns.of(property, hours.parameters());
        Rows rows = store.query(
                tenant,
                hours.within(columns.present())
                        .column(columns.text(), "text")
                        .column(columns.hash(), "hash")
                        .column("sum(events)", "n")
                        .groupBy("text")
                        .groupBy("hash")
                        .orderBy("n DESC")
                        .orderBy("text")
                        .limit(ValueIds.MAX, 0)
                        .build());
        List<Type> found = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            found.add(new Type(rows.textAt(row, 0), rows.longAt(row, 1), rows.longAt(row, 2)));
        }
        long events = found.stream().mapToLong(Type::events).sum();
        found.sort(ValueIds.byText(Type::text));
        return new Types(new ValueIds(list(found, Type::text), list(found, Type::hash)), events);
    }

    private static <T> List<T> list(List<Type> found, Function<Type, T> part) {
        return found.stream().map(part).toList();
    }

    private record Type(String text, long hash, long events) {}

    /** Whether a tenant has had visits without a long pause that last too long for one session. */
    boolean hasLasting(TenantId tenant) {
        return lasting.getIfPresent(tenant) != null;
    }

    void noteLasting(TenantId tenant) {
        lasting.put(tenant, true);
    }

    /** Whether sessions of a tenant have gone so many ways that the engine had to rank them. */
    boolean hasVarious(TenantId tenant) {
        return various.getIfPresent(tenant) != null;
    }

    void noteVarious(TenantId tenant) {
        various.put(tenant, true);
    }
}
