package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of the question, in its order, each with the cells of periods that have begun. */
public record CohortAnswer(CohortQuestion question, List<Row> rows) implements Answer {

    public CohortAnswer {
        rows = List.copyOf(rows);
    }

    /**
     * One row.
     *
     * @param size how many persons it is of
     * @param cells from the first period on
     */
    public record Row(long size, List<@Nullable Double> cells) {
        public Row {
            cells = Collections.unmodifiableList(new ArrayList<>(cells));
        }
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        data.put("measure", question.measure().name());
        data.put("period", question.columns().interval().wireName());
        ArrayNode nodes = data.putArray("rows");
        for (int row = 0; row < rows.size(); row++) {
            ObjectNode node = nodes.addObject();
            switch (question.rows()) {
                case CohortQuestion.OfCohorts of -> {
                    node.put("cohort_id", of.cohorts().get(row).id());
                    node.put("name", of.cohorts().get(row).name());
                    cells(node, rows.get(row), 0);
                }
                case CohortQuestion.OfStarts _ -> {
                    node.put("time", AnswerJson.time(question.columns().time(row), question.zone()));
                    if (question.isPartial(row)) {
                        node.put("partial", true);
                    }
                    cells(node, rows.get(row), row);
                }
            }
        }
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }

    private void cells(ObjectNode node, Row row, int firstColumn) {
        node.put("size", row.size());
        ArrayNode cells = node.putArray("cells");
        for (int period = 0; period < row.cells().size(); period++) {
            ObjectNode cell = cells.addObject();
            cell.put("period", period);
            cell.put("time", AnswerJson.time(question.columns().time(firstColumn + period), question.zone()));
            cell.set("value", AnswerJson.number(row.cells().get(period)));
            if (question.isPartial(firstColumn + period)) {
                cell.put("partial", true);
            }
        }
    }
}
