package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Standing queries that wait to begin. Tenants take turns; of a tenant the one that has waited longest is next, and with it go those
 * that can begin with the same statement. Not thread-safe.
 */
final class OpeningQueue {
    private final LinkedHashMap<TenantId, LinkedHashMap<StandingQuery, Waiting>> lines = new LinkedHashMap<>();

    private record Waiting(String form, Instant since) {}

    /** Those that begin together, and since when the first of them has waited. */
    record Taken(List<StandingQuery> queries, Instant since) {}

    /**
     * Adds one at the end of its tenant's line, unless it is there.
     *
     * @param form which it shares with those that it can begin with
     */
    void add(StandingQuery query, String form, Instant now) {
        lines.computeIfAbsent(query.tenant(), _ -> new LinkedHashMap<>()).putIfAbsent(query, new Waiting(form, now));
    }

    void remove(StandingQuery query) {
        lines.computeIfPresent(query.tenant(), (_, line) -> {
            line.remove(query);
            return line.isEmpty() ? null : line;
        });
    }

    boolean contains(StandingQuery query) {
        return lines.getOrDefault(query.tenant(), new LinkedHashMap<>()).containsKey(query);
    }

    void clear() {
        lines.clear();
    }

    /** Takes those of one tenant and form that are next, at most so many; none where nobody waits who may be taken. */
    Taken take(Predicate<TenantId> may, int most) {
        for (Map.Entry<TenantId, LinkedHashMap<StandingQuery, Waiting>> entry : lines.entrySet()) {
            if (may.test(entry.getKey())) {
                TenantId tenant = entry.getKey();
                LinkedHashMap<StandingQuery, Waiting> line = entry.getValue();
                Taken taken = takeFirst(line, most);
                lines.remove(tenant);
                if (!line.isEmpty()) {
                    lines.put(tenant, line);
                }
                return taken;
            }
        }
        return new Taken(List.of(), Instant.MAX);
    }

    private static Taken takeFirst(LinkedHashMap<StandingQuery, Waiting> line, int most) {
        Waiting first = line.firstEntry().getValue();
        List<StandingQuery> taken = new ArrayList<>();
        for (Iterator<Map.Entry<StandingQuery, Waiting>> each = line.entrySet().iterator();
                each.hasNext() && taken.size() < most; ) {
            Map.Entry<StandingQuery, Waiting> entry = each.next();
            if (entry.getValue().form().equals(first.form())) {
                taken.add(entry.getKey());
                each.remove();
            }
        }
        return new Taken(taken, first.since());
    }
}
