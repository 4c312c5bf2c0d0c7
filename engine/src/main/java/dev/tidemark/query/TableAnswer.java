package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of rows.
 *
 * @param totals of all rows, one for each measure; a distinct count is not the sum of its rows
 * @param totalRows how many rows all pages have
 */
public record TableAnswer(TableQuestion question, List<Row> rows, List<@Nullable Double> totals, long totalRows)
        implements MeasuredAnswer {
    public TableAnswer {
        rows = List.copyOf(rows);
        totals = Collections.unmodifiableList(new ArrayList<>(totals));
    }

    /** One combination of breakdown values with its measures. */
    public record Row(List<BreakdownValue> breakdown, List<@Nullable Double> values) {
        public Row {
            breakdown = List.copyOf(breakdown);
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        ArrayNode columns = data.putArray("columns");
        question.breakdowns()
                .forEach(property ->
                        columns.addObject().put("name", property.path()).put("kind", "breakdown"));
        for (Measure measure : question.measures()) {
            ObjectNode column = columns.addObject().put("name", measure.name()).put("kind", "measure");
            measure.unit().ifPresent(unit -> column.put("unit", unit));
        }
        ArrayNode rowNodes = data.putArray("rows");
        for (Row row : rows) {
            ArrayNode cells = rowNodes.addArray();
            row.breakdown().forEach(value -> cells.add(value.label()));
            row.values().forEach(value -> cells.add(AnswerJson.number(value)));
        }
        ArrayNode totalNodes = data.putArray("totals");
        totals.forEach(value -> totalNodes.add(AnswerJson.number(value)));
        data.put("total_rows", totalRows);
        data.put("limit", question.limit());
        data.put("offset", question.offset());
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }
}
