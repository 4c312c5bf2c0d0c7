package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value for each measure of the question.
 *
 * @param previous those of the range compared with; null without a comparison
 * @param sparkline null when not asked for
 */
public record MetricAnswer(
        MetricQuestion question,
        List<@Nullable Double> values,
        @Nullable List<@Nullable Double> previous,
        @Nullable TrendAnswer sparkline)
        implements MeasuredAnswer {
    public MetricAnswer {
        values = Collections.unmodifiableList(new ArrayList<>(values));
        previous = previous == null ? null : Collections.unmodifiableList(new ArrayList<>(previous));
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        data.set("value", AnswerJson.number(values.getFirst()));
        ArrayNode nodes = data.putArray("values");
        for (int i = 0; i < values.size(); i++) {
            ObjectNode node = nodes.addObject();
            node.put("measure", question.measures().get(i).name());
            node.set("value", AnswerJson.number(values.get(i)));
            if (previous != null) {
                node.set("previous", AnswerJson.number(previous.get(i)));
                node.set("change", AnswerJson.number(change(values.get(i), previous.get(i))));
            }
        }
        if (sparkline != null) {
            ObjectNode node = data.putObject("sparkline");
            node.put("interval", sparkline.question().buckets().interval().wireName());
            node.set("points", sparkline.points(sparkline.totals().getLast()));
        }
        AnswerJson.putRange(data, question.range(), question.zone());
        TimeRange compared = question.compared();
        if (compared != null) {
            data.put("compared_start_time", AnswerJson.time(compared.start(), question.zone()));
            data.put("compared_end_time", AnswerJson.time(compared.end(), question.zone()));
        }
        return data;
    }

    /** As a share of the previous value: 0.5 for half as much more; null where there was nothing. */
    private static @Nullable Double change(@Nullable Double value, @Nullable Double previous) {
        return value == null || previous == null || previous == 0
                ? null
                : (Double) ((value - previous) / Math.abs(previous));
    }
}
