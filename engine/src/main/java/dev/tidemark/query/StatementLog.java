package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The store as one answer sees it: notes every statement that passes, for the explanation. Thread-safe. */
final class StatementLog extends ForwardingStore {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double THOUSANDTHS = 1_000.0;

    private final TimeSource time;
    private final long begun;
    private final List<Statement> statements = new ArrayList<>();
    private int buckets;
    private int keptBuckets;

    StatementLog(EventStore store, TimeSource time) {
        super(store);
        this.time = time;
        this.begun = time.nanos();
    }

    /** What is left of a statement once its rows were read. */
    private record Statement(Select select, long rowsRead, int rows, double engineMillis, double millis) {}

    @Override
    public Rows query(TenantId tenant, Select select) {
        long asked = time.nanos();
        Rows rows = store.query(tenant, select);
        double millis = (time.nanos() - asked) / NANOS_PER_MILLI;
        synchronized (this) {
            statements.add(new Statement(select, rows.rowsRead(), rows.size(), rows.elapsedMillis(), millis));
        }
        return rows;
    }

    /** Notes that buckets were asked for, of which some were kept. */
    synchronized void buckets(int all, int kept) {
        buckets += all;
        keptBuckets += kept;
    }

    /** The tables that were read, as in {@code rollup_hour} or {@code rollup_hour+events}; {@code cache} for none. */
    synchronized String path() {
        TreeSet<Table> tables = new TreeSet<>();
        statements.forEach(statement -> tables.addAll(statement.select.tables()));
        return tables.isEmpty() ? "cache" : path(tables);
    }

    /** Everything that is known of how the answer came about. */
    synchronized ObjectNode toJson() {
        ObjectNode explanation = AnswerJson.JSON.objectNode();
        explanation.put("path", path());
        if (buckets > 0) {
            explanation.putObject("buckets").put("total", buckets).put("from_cache", keptBuckets);
        }
        ArrayNode listed = explanation.putArray("statements");
        long rowsRead = 0;
        for (Statement statement : statements) {
            rowsRead += statement.rowsRead;
            ObjectNode node = listed.addObject();
            node.put("path", path(statement.select.tables()));
            node.put("sql", statement.select.sql());
            ObjectNode parameters = node.putObject("parameters");
            statement.select.values().forEach(parameters::putPOJO);
            node.put("rows_read", statement.rowsRead);
            node.put("rows", statement.rows);
            node.put("engine_milliseconds", rounded(statement.engineMillis));
            node.put("milliseconds", rounded(statement.millis));
        }
        explanation.put("rows_read", rowsRead);
        explanation.put("milliseconds", rounded((time.nanos() - begun) / NANOS_PER_MILLI));
        return explanation;
    }

    private static String path(Collection<Table> tables) {
        return new TreeSet<>(tables)
                .descendingSet().stream().map(Table::sqlName).collect(Collectors.joining("+"));
    }

    private static double rounded(double millis) {
        return Math.rint(millis * THOUSANDTHS) / THOUSANDTHS;
    }
}
