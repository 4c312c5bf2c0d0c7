package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which event types there are: counted from the hourly rollup, or from a sample where a filter limits what there is. */
final class CatalogEventTypes {
    private final EventStore store;
    private final TenantId tenant;
    private final CatalogRequest request;
    private final boolean withPersons;

    CatalogEventTypes(EventStore store, TenantId tenant, CatalogRequest request, boolean withPersons) {
        this.store = store;
        this.tenant = tenant;
        this.request = request;
        this.withPersons = withPersons;
    }

    CatalogPage<CatalogPage.EventType> counted() {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = page(Select.from(Table.ROLLUP_HOUR, parameters), parameters)
                .column("sum(events)", "n")
                .column("count() OVER ()", "total")
                .column("toInt64(toUnixTimestamp(max(bucket)))", "latest");
        if (withPersons) {
            select.column("uniqCombined64IfMerge(17)(persons)", "people");
        }
        Rows rows = store.query(tenant, select.build());
        Map<String, Long> lastSeen = lastSeen(rows);
        List<CatalogPage.EventType> found = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            String name = rows.textAt(row, 0);
            found.add(entry(rows, row, lastSeen.getOrDefault(name, rows.longAt(row, 3) * 1_000)));
        }
        return new CatalogPage<>(found, total(rows), null);
    }

    CatalogPage<CatalogPage.EventType> sampled(CatalogSample sample) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = page(sample.select(parameters, request.locked()), parameters)
                .column("count()", "n")
                .column("count() OVER ()", "total")
                .column("toUnixTimestamp64Milli(max(ts))", "latest");
        if (withPersons) {
            select.column("uniqCombined64If(17)(person, person != 0)", "people");
        }
        Rows rows = store.query(tenant, select.build());
        List<CatalogPage.EventType> found = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            found.add(entry(rows, row, rows.longAt(row, 3)));
        }
        return new CatalogPage<>(found, total(rows), sample);
    }

    private Select.Builder page(Select.Builder select, Parameters parameters) {
        if (!request.search().isEmpty()) {
            select.where(Catalog.contains("toString(event_type)", request, parameters));
        }
        return select.column("toString(event_type)", "name")
                .groupBy("name")
                .orderBy("n DESC")
                .orderBy("name")
                .limit(request.limit(), request.offset());
    }

    /** When each type was last seen, in Unix milliseconds, from the events of the hours that the rollup names. */
    private Map<String, Long> lastSeen(Rows rows) {
        if (rows.size() == 0) {
            return Map.of();
        }
        Set<String> types = new TreeSet<>();
        Set<Long> hours = new TreeSet<>();
        for (int row = 0; row < rows.size(); row++) {
            types.add(rows.textAt(row, 0));
            hours.add(rows.longAt(row, 3));
        }
        Parameters parameters = new Parameters(tenant);
        String starts = parameters.integers(List.copyOf(hours));
        String days = "arrayMap(x -> toDate(toDateTime(x, 'UTC')), " + starts + ")";
        Rows latest = store.query(
                tenant,
                Select.from(Table.EVENTS, parameters)
                        .column("toString(event_type)", "name")
                        .column("toUnixTimestamp64Milli(max(ts))", "latest")
                        .within(Conditions.ofTypes(List.copyOf(types), parameters))
                        .within("toDate(ts) IN " + days)
                        .within("toInt64(toUnixTimestamp(toStartOfHour(ts, 'UTC'))) IN " + starts)
                        .groupBy("name")
                        .build());
        Map<String, Long> millis = new HashMap<>();
        for (int row = 0; row < latest.size(); row++) {
            millis.put(latest.textAt(row, 0), latest.longAt(row, 1));
        }
        return millis;
    }

    private CatalogPage.EventType entry(Rows rows, int row, long lastSeenMillis) {
        return new CatalogPage.EventType(
                rows.textAt(row, 0),
                rows.longAt(row, 1),
                Instant.ofEpochMilli(lastSeenMillis),
                withPersons ? (Long) rows.longAt(row, 4) : null);
    }

    private static long total(Rows rows) {
        return rows.size() == 0 ? 0 : rows.longAt(0, 2);
    }
}
