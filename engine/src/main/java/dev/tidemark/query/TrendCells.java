package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.KeptBuckets.Counted;
import dev.tidemark.query.MeasureColumns.Mergeable;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trend with a breakdown in one scan: events are grouped by bucket and value into states, which are few; from those come the
 * ranking of the values, their lines, the rest and the totals. Only where the measures can be merged. Not thread-safe.
 */
final class TrendCells {
    private static final int MOST_CELLS = 20_000;

    private final EventStore store;
    private final TenantId tenant;
    private final TrendQuestion question;
    private final Breakdown breakdown;
    private final boolean few;
    private final Parameters parameters;
    private final MeasureColumns measures;

    /**
     * For one answer.
     *
     * @param few whether the events are so few that they are merged here rather than by the engine
     */
    TrendCells(EventStore store, TenantId tenant, TrendQuestion question, Breakdown breakdown, boolean few) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.breakdown = breakdown;
        this.few = few;
        this.parameters = new Parameters(tenant);
        this.measures = new MeasureColumns(question.measures(), Source.EVENTS, parameters);
    }

    /**
     * All that one scan finds.
     *
     * @param early events of the first measure, by value, in the buckets that were asked about
     * @param values of the measures by line, for each bucket
     */
    record Found(TopValues top, Map<String, Counted> early, List<Map<Integer, List<@Nullable Double>>> values) {}

    /** Whether the question is one for it; one for an identity would have too many cells. */
    boolean fits() {
        return !(breakdown.property() instanceof Property.Identity)
                && Family.of(question.measures()).equals(List.of(Family.EVENTS))
                && question.measures().stream()
                        .allMatch(measure ->
                                !(measure instanceof Measure.Counted counted) || measures.mergeable(counted) != null);
    }

    /**
     * Null when there are too many cells.
     *
     * @param early how many of the first buckets are looked at for {@link Found#early}
     * @param listed at most so many values come with their numbers in those
     */
    @Nullable
    Found find(int early, int listed) {
        if (TrendStates.fits(question, few)) {
            Found found = new TrendStates(store, tenant, question, breakdown, MOST_CELLS).find(early);
            if (found != null || TrendStates.fits(question, false)) {
                return found;
            }
        }
        Select.Builder events = measures.lookedAt(events(), Family.EVENTS);
        Rows rows = store.query(tenant, lines(events, functions(), early, listed));
        return rows.size() > 0 && rows.longAt(0, 0) > MOST_CELLS ? null : found(rows);
    }

    private Map<Integer, Mergeable> functions() {
        Map<Integer, Mergeable> functions = new TreeMap<>();
        for (int i = 0; i < question.measures().size(); i++) {
            if (question.measures().get(i) instanceof Measure.Counted counted) {
                Mergeable function = measures.mergeable(counted);
                if (function != null) {
                    functions.put(i, function);
                }
            }
        }
        return functions;
    }

    private Select.Builder events() {
        return new Conditions(parameters)
                .limited(Source.EVENTS.select(parameters, question.buckets()), question.filter());
    }

    private boolean isEmptyWhereAbsent() {
        return PropertyColumns.isEmptyWhereAbsent(breakdown.property());
    }

    /** A row for each bucket and value. */
    private Select cells(Select.Builder events, Map<Integer, Mergeable> functions) {
        PropertyColumns property = PropertyColumns.of(breakdown.property(), parameters);
        BucketColumn.of(Source.EVENTS, question.buckets().edges(), parameters)
                .groups(events, "b")
                .groupBy("k")
                .mostGroups(MOST_CELLS);
        if (isEmptyWhereAbsent()) {
            events.column(property.key(), "k");
        } else {
            events.column("ifNull(" + property.key() + ", '')", "k")
                    .column(property.present(), "p")
                    .groupBy("p");
        }
        functions.forEach((i, function) -> events.column(function.state(), "state" + i));
        return events.build();
    }

    /** A row for each value with its place: from 0 on, -1 for events that have none. */
    private Select ranked(Select.Builder events, Map<Integer, Mergeable> functions) {
        Select.Builder values = Select.from(cells(events, functions))
                .column("k", "k")
                .column("groupArray(b)", "edges")
                .groupBy("k");
        if (isEmptyWhereAbsent()) {
            values.column("k != ''", "p");
        } else {
            values.column("p", "p").groupBy("p");
        }
        functions.forEach((i, function) -> {
            values.column("groupArray(state" + i + ")", "states" + i);
            values.column(function.merged("state" + i), "m" + i);
        });
        Select.Builder ranked = Select.from(values.build())
                .column("k", "k")
                .column("edges", "edges")
                .column("sum(length(edges)) OVER ()", "cells")
                .column(
                        "if(p, toInt64(row_number() OVER (PARTITION BY p ORDER BY "
                                + measures.order(question.measures().getFirst()) + " DESC NULLS LAST, k)) - 1, toInt64("
                                + TopValues.NONE + "))",
                        "place");
        functions.keySet().forEach(i -> ranked.column("states" + i, "states" + i));
        return ranked.build();
    }

    /**
     * A row for each bucket and line, for each bucket, and for each value that is listed: how many cells there are, the bucket, the
     * line, the measures; of a value also its place, text, hash, and the cells and events of the early buckets.
     */
    private Select lines(Select.Builder events, Map<Integer, Mergeable> functions, int early, int listed) {
        int limit = breakdown.limit();
        long earlyEnd = question.buckets().part(0, Math.max(1, early)).range().endMillis();
        String isEarly = early == 0 ? "0" : "edge < " + parameters.integer(earlyEnd);
        Mergeable first = functions.get(0);
        String counted = early == 0 || first == null ? "0" : first.mergedIf("state0", isEarly);
        Select.Builder lines = Select.from(ranked(events, functions))
                .arrayJoin("edges AS edge"
                        + functions.keySet().stream()
                                .map(i -> ", states" + i + " AS state" + i)
                                .collect(Collectors.joining()))
                .column("any(cells)", "all_cells")
                .column("if(grouping(edge) = 0, edge, NULL)", "bucket")
                .column(
                        "if(grouping(line) = 0, least(place, " + limit + ") AS line, toInt64(" + TopValues.TOTAL + "))",
                        "slot");
        functions.forEach((i, function) -> lines.column(function.merged("state" + i), "m" + i));
        return lines.column("any(place)", "value_place")
                .column("toString(k)", "value_text")
                .column(PropertyColumns.hash("toString(k)"), "value_hash")
                .column(early == 0 ? "0" : "countIf(" + isEarly + ")", "early_cells")
                .column(counted, "early_events")
                .groupBy("GROUPING SETS ((edge, line), (edge), (k, place))")
                .having("grouping(edge) = 0 OR (place >= 0 AND place < " + Math.max(limit, listed) + ")")
                .orderBy("grouping(edge) DESC")
                .orderBy("value_place")
                .build();
    }

    private Found found(Rows rows) {
        Buckets buckets = question.buckets();
        int afterMeasures = rows.columns().size() - 5;
        List<TopValues.Value> top = new ArrayList<>();
        Map<String, Counted> early = new LinkedHashMap<>();
        int row = 0;
        for (; row < rows.size() && rows.value(row, 1) == null; row++) {
            String text = rows.textAt(row, afterMeasures + 1);
            long hash = rows.longAt(row, afterMeasures + 2);
            if (top.size() < breakdown.limit()) {
                top.add(new TopValues.Value(text, hash));
            }
            if (rows.longAt(row, afterMeasures + 3) > 0) {
                early.put(text, new Counted(hash, rows.longAt(row, afterMeasures + 4)));
            }
        }
        TopValues values = new TopValues(top);
        List<Integer> slots = values.slots();
        List<Map<Integer, List<@Nullable Double>>> counted = new ArrayList<>();
        for (int bucket = 0; bucket < buckets.size(); bucket++) {
            counted.add(new HashMap<>());
        }
        for (; row < rows.size(); row++) {
            int bucket = buckets.startingAt(rows.longAt(row, 1));
            int line = (int) rows.longAt(row, 2);
            if (bucket >= 0) {
                int slot = line < 0 ? line : line < slots.size() ? slots.get(line) : values.other();
                counted.get(bucket).put(slot, measures.read(rows, row, 3, true));
            }
        }
        return new Found(values, early, counted);
    }
}
