package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines over the buckets of the question. Without a breakdown, lines and totals are the same; with one, the lines are the values by
 * their rank, then the others, then those without, each only where there is something of it.
 *
 * @param totals one line for each measure over all values; a distinct count is not the sum of its lines
 */
public record TrendAnswer(TrendQuestion question, List<Line> lines, List<Line> totals) implements MeasuredAnswer {
    public TrendAnswer {
        lines = List.copyOf(lines);
        totals = List.copyOf(totals);
    }

    /**
     * The values of one measure, as many as the question has buckets.
     *
     * @param breakdown null without a breakdown, and for a total
     * @param compare whether they are of the buckets compared with; null past the last of those
     */
    public record Line(
            String measure, @Nullable BreakdownValue breakdown, boolean compare, List<@Nullable Double> values) {
        public Line {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        data.set("series", points(totals.getFirst()));
        data.set("lines", lines(lines));
        if (question.breakdown() != null) {
            data.set("totals", lines(totals));
        }
        data.put("interval", question.buckets().interval().wireName());
        AnswerJson.putRange(data, question.range(), question.zone());
        Buckets compared = question.compared();
        if (compared != null) {
            data.put("compared_start_time", AnswerJson.time(compared.range().start(), question.zone()));
            data.put("compared_end_time", AnswerJson.time(compared.range().end(), question.zone()));
        }
        return data;
    }

    private ArrayNode lines(List<Line> shown) {
        ArrayNode nodes = AnswerJson.JSON.arrayNode();
        for (Line line : shown) {
            ObjectNode node = nodes.addObject();
            node.put("measure", line.measure());
            node.put(
                    "breakdown",
                    line.breakdown() == null ? null : line.breakdown().label());
            node.put("compare", line.compare());
            node.set("points", points(line));
        }
        return nodes;
    }

    /** A compared point stands at the time of the bucket that it is compared with, and says its own beside it. */
    ArrayNode points(Line line) {
        ArrayNode points = AnswerJson.JSON.arrayNode();
        Buckets compared = question.compared();
        for (int bucket = 0; bucket < line.values().size(); bucket++) {
            ObjectNode point = points.addObject();
            point.put("time", AnswerJson.time(question.buckets().time(bucket), question.zone()));
            point.set("value", AnswerJson.number(line.values().get(bucket)));
            if (line.compare()) {
                if (compared != null && bucket < compared.size()) {
                    point.put("compared_time", AnswerJson.time(compared.time(bucket), question.zone()));
                }
            } else if (bucket >= question.partialFrom()) {
                point.put("partial", true);
            }
        }
        return points;
    }
}
