package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements that change or remove stored rows. Each waits until it is carried out. Thread-safe. */
final class EngineUpkeep {
    private static final Map<String, String> SETTINGS = Map.of(
            "mutations_sync", "1",
            "async_insert", "0",
            "insert_deduplicate", "0",
            "max_execution_time", "0");

    /** A letter is written again under its own key, with a higher version. Ids are looked up in parallel lists of what is noted. */
    private static final String MARK = """
            INSERT INTO letters (tenant_id, received_at, dead_letter_id, reason, field, message, event_type, payload, source, line,
                key_id, journal_partition, journal_offset, expires_on, state, attempts, changed_at, outcome, version)
            SELECT tenant_id, received_at, dead_letter_id,
                if(renewed[place] = 1, reasons[place], toString(reason)),
                if(renewed[place] = 1, fields[place], field),
                if(renewed[place] = 1, messages[place], message),
                event_type, payload, source, line, key_id, journal_partition, journal_offset, expires_on,
                if(done[place] = 1, 'replayed', 'open'),
                attempts + 1,
                fromUnixTimestamp64Milli({at:Int64}, 'UTC'),
                outcomes[place],
                toUInt64({at:Int64})
            FROM
            (
                SELECT *,
                    indexOf({ids:Array(String)}, dead_letter_id) AS place,
                    {done:Array(UInt8)} AS done,
                    {renewed:Array(UInt8)} AS renewed,
                    {outcomes:Array(String)} AS outcomes,
                    {reasons:Array(String)} AS reasons,
                    {fields:Array(String)} AS fields,
                    {messages:Array(String)} AS messages
                FROM letters FINAL
                WHERE tenant_id = {tenant:String} AND dead_letter_id IN {ids:Array(String)} AND state = 'open'
            )
            """;

    private static final String REBUILD = """
            INSERT INTO %1$s (tenant_id, event_type, bucket, events, persons, sessions, expires_on)
            SELECT
                tenant_id,
                event_type,
                %2$s(toDateTime(ts, 'UTC')) AS rebuilt_bucket,
                count(),
                uniqCombined64IfState(17)(person, person != 0),
                uniqCombined64IfState(17)(session_id, session_id != ''),
                max(expires_on)
            FROM events
            WHERE tenant_id = {tenant:String}
                AND toYYYYMM(ts) = %3$d
                AND (event_type, toStartOfHour(toDateTime(ts, 'UTC'))) IN (%4$s)
                AND NOT (%5$s)
            GROUP BY tenant_id, event_type, rebuilt_bucket
            """;

    private static final String BYTES = """
            SELECT table, sum(bytes_on_disk), sum(rows)
            FROM system.parts
            WHERE active AND database = currentDatabase()
            GROUP BY table
            """;

    /** The rollup by hour knows how many events there are, in far fewer rows. */
    private static final String EVENT_ROWS = "SELECT tenant_id, sum(events) FROM rollup_hour GROUP BY tenant_id";

    private final EngineClient engine;

    EngineUpkeep(EngineClient engine) {
        this.engine = engine;
    }

    void mark(TenantId tenant, List<LetterMark> marks, long atMillis) {
        Map<String, Object> values = new HashMap<>();
        values.put("tenant", tenant.value());
        values.put("at", atMillis);
        values.put("ids", texts(marks, LetterMark::id));
        values.put("done", marks.stream().map(mark -> mark.replayed() ? 1 : 0).toList());
        values.put(
                "renewed",
                marks.stream().map(mark -> mark.reason() == null ? 0 : 1).toList());
        values.put("outcomes", texts(marks, LetterMark::outcome));
        values.put("reasons", texts(marks, LetterMark::reason));
        values.put("fields", texts(marks, LetterMark::field));
        values.put("messages", texts(marks, LetterMark::message));
        run(MARK, values);
    }

    void delete(Deletion deletion) {
        run("ALTER TABLE " + deletion.table().sqlName() + " DELETE WHERE " + deletion.condition(), deletion.values());
    }

    void removeEvents(Deletion events, int month) {
        run("ALTER TABLE events DELETE IN PARTITION " + month + " WHERE " + events.condition(), events.values());
    }

    /** Partitions that nothing can be in, so that no part is written anew. */
    void forgetStatements() {
        for (Table table : Table.values()) {
            String nowhere = switch (table) {
                case EVENTS, ROLLUP_MINUTE, ROLLUP_HOUR -> " IN PARTITION 190001";
                case DEAD_LETTERS, PROFILES, COHORT_MEMBERS -> "";
            };
            run("ALTER TABLE " + table.sqlName() + " DELETE" + nowhere + " WHERE 0", Map.of());
        }
    }

    /** Makes the rollups of the hours that hold such events anew, from the other events of those hours. */
    void rebuildRollups(Deletion events, int month) {
        String touched = "SELECT event_type, toStartOfHour(toDateTime(ts, 'UTC')) FROM events WHERE toYYYYMM(ts) = "
                + month + " AND " + events.condition();
        for (Table rollup : List.of(Table.ROLLUP_HOUR, Table.ROLLUP_MINUTE)) {
            run(
                    "ALTER TABLE " + rollup.sqlName() + " DELETE IN PARTITION " + month
                            + " WHERE tenant_id = {tenant:String} AND (event_type, toStartOfHour(bucket)) IN ("
                            + touched
                            + ")",
                    events.values());
            String bucket = rollup == Table.ROLLUP_HOUR ? "toStartOfHour" : "toStartOfMinute";
            run(REBUILD.formatted(rollup.sqlName(), bucket, month, touched, events.condition()), events.values());
        }
    }

    /** Partition by partition, so that no part is written anew in which nothing changes. */
    void retain(Retention retention, Table table) {
        String expiry = retention.expiry(timeOf(table));
        String others = "tenant_id = {tenant:String} AND expires_on != " + expiry;
        String over = "tenant_id = {tenant:String} AND " + Select.EXPIRED;
        for (String partition : partitions(table, others, retention)) {
            run(alter(table, "UPDATE expires_on = " + expiry, partition, others), retention.values());
        }
        for (String partition : partitions(table, over, retention)) {
            run(alter(table, "DELETE", partition, over), retention.values());
        }
    }

    Map<TenantId, Long> sizes() {
        try {
            Map<String, Double> bytesPerRow = new HashMap<>();
            Rows tables = engine.rows(BYTES, Map.of());
            for (int row = 0; row < tables.size(); row++) {
                bytesPerRow.put(
                        String.valueOf(tables.values().get(row).getFirst()),
                        (double) tables.longAt(row, 1) / Math.max(1, tables.longAt(row, 2)));
            }
            Map<TenantId, Double> sizes = new HashMap<>();
            for (Table table : Table.values()) {
                Rows rows = engine.rows(
                        table == Table.EVENTS
                                ? EVENT_ROWS
                                : "SELECT tenant_id, count() FROM " + table.sqlName() + " GROUP BY tenant_id",
                        Map.of());
                double each = bytesPerRow.getOrDefault(table.sqlName(), 0.0);
                for (int row = 0; row < rows.size(); row++) {
                    sizes.merge(
                            new TenantId(String.valueOf(rows.values().get(row).getFirst())),
                            each * rows.longAt(row, 1),
                            Double::sum);
                }
            }
            Map<TenantId, Long> whole = new HashMap<>();
            sizes.forEach((tenant, bytes) -> whole.put(tenant, Math.round(bytes)));
            return whole;
        } catch (TidemarkException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            throw EngineFailures.ofQuery(failure);
        }
    }

    private List<String> partitions(Table table, String condition, Retention retention) {
        String month = switch (table) {
            case EVENTS -> "toString(toYYYYMM(ts))";
            case ROLLUP_MINUTE, ROLLUP_HOUR -> "toString(toYYYYMM(bucket))";
            case DEAD_LETTERS, PROFILES, COHORT_MEMBERS -> "'tuple()'";
        };
        Rows rows = engine.rows(
                "SELECT DISTINCT " + month + " AS part FROM " + table.sqlName() + " WHERE " + condition
                        + " ORDER BY part",
                retention.values());
        return rows.values().stream().map(row -> String.valueOf(row.getFirst())).toList();
    }

    private static String alter(Table table, String change, String partition, String condition) {
        return "ALTER TABLE " + table.sqlName() + " " + change + " IN PARTITION " + partition + " WHERE " + condition;
    }

    private static String timeOf(Table table) {
        return switch (table) {
            case EVENTS -> "toDateTime(ts, 'UTC')";
            case ROLLUP_MINUTE, ROLLUP_HOUR -> "bucket";
            case DEAD_LETTERS -> "toDateTime(received_at, 'UTC')";
            case PROFILES, COHORT_MEMBERS ->
                throw new TidemarkException(ErrorCode.INTERNAL, table + " has no day of expiry");
        };
    }

    private void run(String sql, Map<String, Object> values) {
        try {
            engine.run(sql, values, SETTINGS, "");
        } catch (RuntimeException failure) {
            throw EngineFailures.ofInsert(failure);
        }
    }

    private static List<String> texts(List<LetterMark> marks, Function<LetterMark, @Nullable String> part) {
        return marks.stream()
                .map(mark -> {
                    String text = part.apply(mark);
                    return text == null ? "" : text;
                })
                .toList();
    }
}
