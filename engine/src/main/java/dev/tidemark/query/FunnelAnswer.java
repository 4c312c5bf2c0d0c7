package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many got how far.
 *
 * @param steps of all; as many as the question has
 * @param groups of the values of the breakdown by their rank, then of the others, then of those without; empty without a breakdown
 * @param overTime by bucket how many got to each step; empty when the question asks for none
 */
public record FunnelAnswer(FunnelQuestion question, List<Step> steps, List<Group> groups, List<List<Long>> overTime)
        implements Answer {
    public FunnelAnswer {
        steps = List.copyOf(steps);
        groups = List.copyOf(groups);
        overTime = overTime.stream().map(List::copyOf).toList();
    }

    /**
     * One step.
     *
     * @param count how many got to it
     * @param seconds from the step before; null of the first step and where nobody got to it
     */
    public record Step(long count, @Nullable Seconds seconds) {}

    /** How long it took. */
    public record Seconds(double median, double avg, double p90) {}

    /** The part of a funnel that has one value of the breakdown. */
    public record Group(BreakdownValue value, List<Step> steps) {
        public Group {
            steps = List.copyOf(steps);
        }
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        data.set("steps", steps(steps));
        if (question.split() != null) {
            ArrayNode nodes = data.putArray("groups");
            for (Group group : groups) {
                ObjectNode node = nodes.addObject();
                node.put("value", group.value().label());
                node.set("steps", steps(group.steps()));
            }
        }
        Buckets buckets = question.overTime();
        if (buckets != null) {
            data.set("over_time", overTime(buckets));
            data.put("interval", buckets.interval().wireName());
        }
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }

    private ArrayNode steps(List<Step> shown) {
        ArrayNode nodes = AnswerJson.JSON.arrayNode();
        long first = shown.getFirst().count();
        for (int i = 0; i < shown.size(); i++) {
            Step step = shown.get(i);
            long previous = i == 0 ? first : shown.get(i - 1).count();
            ObjectNode node = nodes.addObject();
            node.put("step", i + 1);
            node.put("name", question.steps().get(i).name());
            node.put("count", step.count());
            node.set("from_first", AnswerJson.number(ratio(step.count(), first)));
            node.set("from_previous", AnswerJson.number(ratio(step.count(), previous)));
            node.put("dropped", previous - step.count());
            Seconds seconds = step.seconds();
            if (seconds == null) {
                node.putNull("seconds");
            } else {
                ObjectNode times = node.putObject("seconds");
                times.set("median", AnswerJson.number(seconds.median()));
                times.set("avg", AnswerJson.number(seconds.avg()));
                times.set("p90", AnswerJson.number(seconds.p90()));
            }
        }
        return nodes;
    }

    private ArrayNode overTime(Buckets buckets) {
        ArrayNode nodes = AnswerJson.JSON.arrayNode();
        for (int bucket = 0; bucket < overTime.size(); bucket++) {
            List<Long> counts = overTime.get(bucket);
            ObjectNode node = nodes.addObject();
            node.put("time", AnswerJson.time(buckets.time(bucket), question.zone()));
            ArrayNode numbers = node.putArray("counts");
            counts.forEach(numbers::add);
            node.set("conversion", AnswerJson.number(ratio(counts.getLast(), counts.getFirst())));
            if (bucket >= question.partialFrom()) {
                node.put("partial", true);
            }
        }
        return nodes;
    }

    private static @Nullable Double ratio(long part, long whole) {
        return whole == 0 ? null : (Double) ((double) part / whole);
    }
}
