package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which of a tenant's events the catalog looks at: all of them while they are few, else the newest of each event type, so that a
 * rare type is seen as well as a common one and the work stays bounded. The hourly rollup says how far back to go.
 *
 * @param windows per event type, none when all events are looked at
 * @param onlyTypes to which event types the events are limited; empty for all
 * @param since before which no event is looked at; null when all are, or when one type is looked at in full
 * @param lookedAt how many events are, as the rollup has it
 * @param total how many there are of these types
 */
record CatalogSample(
        List<Window> windows,
        List<String> onlyTypes,
        @Nullable Instant since,
        long lookedAt,
        long total) {
    private static final long[] STEPS = {200, 2_000, 20_000, 200_000, 2_000_000};
    private static final int MAX_TYPES = 300;
    /** The engine reads whole granules, so that a further day costs this much however few its events. */
    private static final long COST_OF_A_DAY = 8_192;

    /** Event types from a moment on; Unix seconds, 0 for always. */
    record Window(long fromSeconds, List<String> eventTypes) {}

    /**
     * Chooses a sample.
     *
     * @param eventTypes to which the catalog is limited; empty for all
     * @param budget about how many events may be read of a sample
     * @param whole up to how many all of them are read instead, at least the budget
     */
    static CatalogSample choose(EventStore store, TenantId tenant, List<String> eventTypes, long budget, long whole) {
        Rows rows = store.query(tenant, heads(tenant, eventTypes));
        List<Head> heads = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            heads.add(Head.of(rows, row));
        }
        long total = rows.size() == 0 ? 0 : rows.longAt(0, 1);
        if (total <= whole) {
            return new CatalogSample(List.of(), eventTypes, null, total, total);
        }
        int[] levels = levels(heads, budget);
        Map<Long, List<String>> windows = new TreeMap<>();
        long lookedAt = 0;
        for (int i = 0; i < levels.length; i++) {
            Head head = heads.get(i);
            windows.computeIfAbsent(head.from(levels[i]), _ -> new ArrayList<>())
                    .add(head.type);
            lookedAt += head.events(levels[i]);
        }
        Instant since = windows.keySet().stream()
                .filter(from -> from > 0)
                .findFirst()
                .map(Instant::ofEpochSecond)
                .orElse(null);
        return new CatalogSample(
                windows.entrySet().stream()
                        .map(window -> new Window(window.getKey(), List.copyOf(window.getValue())))
                        .toList(),
                eventTypes,
                since,
                lookedAt,
                total);
    }

    /** Whether not all events are looked at, so that counts are those of the ones that are. */
    boolean isPart() {
        return lookedAt < total;
    }

    /** The tenant's events of the sample, to select from. */
    Select.Builder select(Parameters parameters, @Nullable Filter locked) {
        Select.Builder select = Select.from(Table.EVENTS, parameters);
        if (!onlyTypes.isEmpty()) {
            select.within(Conditions.ofTypes(onlyTypes, parameters));
        }
        if (!windows.isEmpty()) {
            select.within(String.join(
                    " OR ",
                    windows.stream()
                            .map(window -> condition(window, parameters))
                            .toList()));
        }
        return new Conditions(parameters).limited(select, locked);
    }

    private static String condition(Window window, Parameters parameters) {
        String ofType = Conditions.ofTypes(window.eventTypes, parameters);
        if (window.fromSeconds == 0) {
            return "(" + ofType + ")";
        }
        String from = "toDateTime(" + parameters.integer(window.fromSeconds) + ", 'UTC')";
        return "(toDate(ts) >= toDate(" + from + ") AND " + ofType + " AND ts >= " + from + ")";
    }

    /** Gives each type the next step in turn, the small types first, while the budget lasts. */
    private static int[] levels(List<Head> heads, long budget) {
        int[] levels = new int[heads.size()];
        long newest = heads.stream().mapToLong(Head::latest).max().orElse(0);
        long days = heads.stream().mapToLong(head -> head.days(0, newest)).max().orElse(0);
        long left = budget
                - days * COST_OF_A_DAY
                - heads.stream().mapToLong(head -> head.events(0)).sum();
        for (int level = 1; level <= STEPS.length; level++) {
            for (int i = heads.size() - 1; i >= 0; i--) {
                Head head = heads.get(i);
                long further = Math.max(0, head.days(level, newest) - days);
                long cost = head.events(level) - head.events(levels[i]) + further * COST_OF_A_DAY;
                if (levels[i] == level - 1 && cost <= left) {
                    levels[i] = level;
                    left -= cost;
                    days += further;
                }
            }
        }
        return levels;
    }

    private static Select heads(TenantId tenant, List<String> eventTypes) {
        Parameters parameters = new Parameters(tenant);
        String newest = "("
                + Select.from(Table.ROLLUP_HOUR, parameters)
                        .column("max(bucket)", "latest")
                        .build()
                        .sql() + ")";
        // The further back, the coarser, so that a long history stays a short list.
        String start = "multiIf(bucket >= " + newest + " - INTERVAL 3 DAY, bucket, bucket >= " + newest
                + " - INTERVAL 400 DAY, toStartOfDay(bucket, 'UTC'),"
                + " toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC'))";
        Select.Builder buckets = Select.from(Table.ROLLUP_HOUR, parameters)
                .column("event_type", "type")
                .column("toUnixTimestamp(" + start + ")", "from")
                .column("sum(events)", "n")
                .groupBy("type")
                .groupBy("from");
        if (!eventTypes.isEmpty()) {
            buckets.within(Conditions.ofTypes(eventTypes, parameters));
        }
        Select running = Select.from(buckets.build())
                .column("type", "type")
                .column("from", "from")
                .column("n", "n")
                .column("sum(n) OVER (PARTITION BY type ORDER BY from DESC)", "so_far")
                .build();
        Select.Builder heads = Select.from(running)
                .column("toString(type)", "name")
                .column("sum(sum(n)) OVER ()", "all_events")
                .column("sum(n)", "events")
                .column("min(from)", "first")
                .column("max(from)", "latest");
        for (int i = 0; i < STEPS.length; i++) {
            heads.column("maxIf(from, so_far >= " + STEPS[i] + ")", "from" + i)
                    .column("minIf(so_far, so_far >= " + STEPS[i] + ")", "events" + i);
        }
        return heads.groupBy("type")
                .orderBy("events DESC")
                .orderBy("name")
                .limit(MAX_TYPES, 0)
                .build();
    }

    /** How far back one event type goes, by step; the last level is all of it. */
    private record Head(String type, long events, long first, long latest, long[] from, long[] soFar) {
        private static final long SECONDS_PER_DAY = 86_400;

        static Head of(Rows rows, int row) {
            return new Head(
                    rows.textAt(row, 0),
                    rows.longAt(row, 2),
                    rows.longAt(row, 3),
                    rows.longAt(row, 4),
                    LongStream.range(0, STEPS.length)
                            .map(i -> rows.longAt(row, (int) (5 + 2 * i)))
                            .toArray(),
                    LongStream.range(0, STEPS.length)
                            .map(i -> rows.longAt(row, (int) (6 + 2 * i)))
                            .toArray());
        }

        private boolean isAll(int level) {
            return level >= from.length || soFar[level] == 0 || soFar[level] == events;
        }

        long from(int level) {
            return isAll(level) ? 0 : from[level];
        }

        long events(int level) {
            return isAll(level) ? events : soFar[level];
        }

        /** Into how many days it reaches, back from the newest event of all. */
        long days(int level, long newest) {
            return 1 + (newest - (isAll(level) ? first : from[level])) / SECONDS_PER_DAY;
        }
    }
}
