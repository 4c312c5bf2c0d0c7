package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Who came back, by cohort and period.
 *
 * @param cohorts as many as the range has periods
 * @param groups the same by the values of the breakdown by their rank, then the others, then those without, each only where there
 *     is anyone of it
 */
public record RetentionAnswer(RetentionQuestion question, List<Cohort> cohorts, List<Group> groups) implements Answer {
    public RetentionAnswer {
        cohorts = List.copyOf(cohorts);
        groups = List.copyOf(groups);
    }

    /**
     * Those who started in one period.
     *
     * @param returned how many came back, by period
     */
    public record Cohort(long size, List<Long> returned) {
        public Cohort {
            returned = List.copyOf(returned);
        }
    }

    /** The cohorts of those whose starts have one value of the breakdown. */
    public record Group(BreakdownValue value, List<Cohort> cohorts) {
        public Group {
            cohorts = List.copyOf(cohorts);
        }
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        putCohorts(data, cohorts);
        if (question.breakdown() != null) {
            ArrayNode nodes = data.putArray("groups");
            for (Group group : groups) {
                putCohorts(nodes.addObject().put("value", group.value().label()), group.cohorts());
            }
        }
        data.put("period", question.periods().interval().wireName());
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }

    private void putCohorts(ObjectNode data, List<Cohort> shown) {
        RetentionPeriods periods = question.periods();
        ArrayNode nodes = data.putArray("cohorts");
        for (int i = 0; i < shown.size(); i++) {
            Cohort cohort = shown.get(i);
            ObjectNode node = nodes.addObject();
            node.put("time", AnswerJson.time(periods.cohorts().time(i), question.zone()));
            node.put("size", cohort.size());
            ArrayNode cells = node.putArray("cells");
            for (int period = 0; period < periods.begun().get(i); period++) {
                long returned = cohort.returned().get(period);
                ObjectNode cell = cells.addObject().put("period", period).put("returned", returned);
                cell.set("rate", rate(returned, cohort.size()));
                if (period >= periods.complete().get(i)) {
                    cell.put("partial", true);
                }
            }
        }
        putAverage(data.putArray("average"), shown);
    }

    /** Pooled: all who returned by all who could, over the cohorts whose period is over. */
    private void putAverage(ArrayNode nodes, List<Cohort> shown) {
        for (int period = 0; period < question.periods().count(); period++) {
            long returned = 0;
            long size = 0;
            for (int i = 0; i < shown.size(); i++) {
                if (period < question.periods().complete().get(i)) {
                    returned += shown.get(i).returned().get(period);
                    size += shown.get(i).size();
                }
            }
            ObjectNode node = nodes.addObject().put("period", period);
            node.set("rate", rate(returned, size));
            node.put("returned", returned).put("size", size);
        }
    }

    private static JsonNode rate(long part, long whole) {
        return AnswerJson.number(whole == 0 ? null : (Double) ((double) part / whole));
    }
}
