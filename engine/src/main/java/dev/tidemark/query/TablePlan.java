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
import org.jspecify.annotations.Nullable;

/** Answers a table: the page, its totals and the number of all rows from one scan, unless measures of several families are joined. */
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
        boolean begun = question.horizon().hasBegun(0);
        Select.Builder select = sorted(parameters, measures).limit(question.limit(), question.offset());
        Rows rows = store.query(tenant, isOfOneFamily() ? select.withTotals().build() : select.build());
        List<TableAnswer.Row> page = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<BreakdownValue> values = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                values.add(value(rows, row, i));
            }
            page.add(new TableAnswer.Row(values, measures.read(rows, row, keys, begun)));
        }
        if (!isOfOneFamily()) {
            return new TableAnswer(question, page, totals(), rows.unlimited());
        }
        List<@Nullable Double> totals = rows.totals() == null
                ? MeasureColumns.ofNothing(question.measures(), begun)
                : measures.read(rows.ofTotals(), 0, keys, begun);
        return new TableAnswer(question, page, totals, rows.unlimited());
    }

    private boolean isOfOneFamily() {
        return Family.of(question.measures()).size() == 1;
    }

    private BreakdownValue value(Rows rows, int row, int column) {
        boolean absent = rows.value(row, column) == null
                || (PropertyColumns.isEmptyWhereAbsent(question.breakdowns().get(column))
                        && rows.textAt(row, column).isEmpty());
        return absent ? new BreakdownValue.None() : new BreakdownValue.Value(rows.textAt(row, column));
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
                Rows single = Rows.of(List.of(), List.of(values));
                List<@Nullable Object> cells = new ArrayList<>();
                for (int i = 0; i < keys; i++) {
                    cells.add(value(single, 0, i).label());
                }
                cells.addAll(measures.read(single, 0, keys, question.horizon().hasBegun(0)));
                writer.row(cells);
            }
        });
    }

    private Select.Builder sorted(Parameters parameters, MeasureColumns measures) {
        Select.Builder select = by(parameters).build().orderBy(order(measures));
        for (int i = 0; i < question.breakdowns().size(); i++) {
            select.orderBy(byText(i, false));
        }
        return select;
    }

    /** Of measures whose rows are joined, which the join's own totals would not be right for. */
    private List<@Nullable Double> totals() {
        Parameters parameters = new Parameters(tenant);
        MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
        Select select = new MeasureSelect(question, source, parameters, question.range(), question.horizon())
                .build()
                .build();
        return measures.read(
                store.query(tenant, select), 0, 0, question.horizon().hasBegun(0));
    }

    private MeasureSelect by(Parameters parameters) {
        List<Dimension> keys = new ArrayList<>();
        for (int i = 0; i < question.breakdowns().size(); i++) {
            keys.add(new Dimension(
                    "k" + i,
                    question.breakdowns().get(i),
                    isOfOneFamily() ? PropertyColumns::key : PropertyColumns::orNull));
        }
        return new MeasureSelect(question, source, parameters, question.range(), question.horizon()).by(keys);
    }

    private String order(MeasureColumns measures) {
        TableQuestion.Sort sort = question.sort();
        return sort.byMeasure()
                ? directed(measures.order(question.measures().get(sort.index())), sort.descending())
                : byText(sort.index(), sort.descending());
    }

    /** What lacks the property comes last. */
    private String byText(int key, boolean descending) {
        String column = "k" + key;
        boolean empty = isOfOneFamily()
                && PropertyColumns.isEmptyWhereAbsent(question.breakdowns().get(key));
        return (empty ? column + " = '', " : "") + directed(column, descending);
    }

    private static String directed(String column, boolean descending) {
        return column + (descending ? " DESC" : " ASC") + " NULLS LAST";
    }
}
