package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers a table: one scan for the page, one for the totals and the number of all rows. */
final class TablePlan {
    private final EventStore store;
    private final TenantId tenant;
    private final TableQuestion question;
    private final Source source;

    TablePlan(EventStore store, TenantId tenant, TableQuestion question, Source source) {
        this.store = store;
        this.tenant = tenant;
        this.question = question;
        this.source = source;
    }

    TableAnswer answer() {
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        int keys = question.breakdowns().size();
        Rows rows = store.query(
                tenant,
                sorted(parameters, measures)
                        .limit(question.limit(), question.offset())
                        .build());
        List<TableAnswer.Row> page = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<BreakdownValue> values = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                values.add(
                        rows.value(row, i) == null
                                ? new BreakdownValue.None()
                                : new BreakdownValue.Value(rows.textAt(row, i)));
            }
            page.add(new TableAnswer.Row(
                    values, measures.read(rows, row, keys, question.horizon().hasBegun(0))));
        }
        return withTotals(page);
    }

    /** Writes the rows of all pages, as they come from the store. */
    void writeTo(RowWriter writer) throws IOException {
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        int keys = question.breakdowns().size();
        List<RowWriter.Column> columns = new ArrayList<>();
        question.breakdowns()
                .forEach(property -> columns.add(new RowWriter.Column(property.path(), RowWriter.Kind.TEXT)));
        question.measures()
                .forEach(measure -> columns.add(new RowWriter.Column(measure.name(), RowWriter.Kind.NUMBER)));
        writer.columns(columns);
        store.stream(tenant, sorted(parameters, measures).build(), new RowSink() {
            @Override
            public void columns(List<String> names) {}

            @Override
            public void row(List<@Nullable Object> values) throws IOException {
                Rows single = new Rows(List.of(), List.of(values), 0, 0);
                List<@Nullable Object> cells = new ArrayList<>();
                for (int i = 0; i < keys; i++) {
                    cells.add(single.value(0, i) == null ? new BreakdownValue.None().label() : single.textAt(0, i));
                }
                cells.addAll(measures.read(single, 0, keys, question.horizon().hasBegun(0)));
                writer.row(cells);
            }
        });
    }

    private Select.Builder sorted(Parameters parameters, MeasureColumns measures) {
        Select.Builder select = by(parameters).build().orderBy(order(measures));
        for (int i = 0; i < question.breakdowns().size(); i++) {
            select.orderBy("k" + i + " ASC NULLS LAST");
        }
        return select;
    }

    private TableAnswer withTotals(List<TableAnswer.Row> page) {
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Select.Builder select =
                new MeasureSelect(question, source, parameters, question.range(), question.horizon()).build();
        boolean ofEvents = Family.of(question.measures()).equals(List.of(Family.EVENTS));
        if (ofEvents) {
            String keys = question.breakdowns().stream()
                    .map(property -> PropertyColumns.of(property, parameters))
                    .map(columns -> columns.present() + ", if(" + columns.present() + ", " + columns.text() + ", '')")
                    .collect(Collectors.joining(", "));
            select.column("uniqExact(tuple(" + keys + "))", "total_rows");
        }
        Rows rows = store.query(tenant, select.build());
        List<@Nullable Double> totals =
                measures.read(rows, 0, 0, question.horizon().hasBegun(0));
        long totalRows = ofEvents ? rows.longAt(0, rows.columns().size() - 1) : countRows();
        return new TableAnswer(question, page, totals, totalRows);
    }

    private long countRows() {
        Parameters parameters = new Parameters(tenant);
        Select all = by(parameters).keysOnly().build().build();
        return store.query(
                        tenant, Select.from(all).column("count()", "total_rows").build())
                .longAt(0, 0);
    }

    private MeasureSelect by(Parameters parameters) {
        List<Dimension> keys = new ArrayList<>();
        for (int i = 0; i < question.breakdowns().size(); i++) {
            keys.add(new Dimension("k" + i, question.breakdowns().get(i), PropertyColumns::orNull));
        }
        return new MeasureSelect(question, source, parameters, question.range(), question.horizon()).by(keys);
    }

    private String order(MeasureColumns measures) {
        TableQuestion.Sort sort = question.sort();
        String column = sort.byMeasure() ? measures.order(question.measures().get(sort.index())) : "k" + sort.index();
        return column + (sort.descending() ? " DESC" : " ASC") + " NULLS LAST";
    }
}
