package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Persons by the number of periods on which they were active.
 *
 * @param users how many were active on exactly one period, on two, and so on up to all
 */
public record StickinessAnswer(StickinessQuestion question, List<Long> users) implements Answer {
    public StickinessAnswer {
        users = List.copyOf(users);
    }

    /** How many persons were active at all. */
    public long total() {
        return users.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        long total = total();
        ArrayNode distribution = data.putArray("distribution");
        long atLeast = total;
        for (int i = 0; i < users.size(); i++) {
            ObjectNode node = distribution.addObject();
            node.put("active", i + 1);
            node.put("users", users.get(i));
            node.set("share", share(users.get(i), total));
            node.put("at_least", atLeast);
            node.set("at_least_share", share(atLeast, total));
            atLeast -= users.get(i);
        }
        data.put("users", total);
        data.put("period", question.periods().interval().wireName());
        data.put("periods", question.periods().size());
        if (question.partial()) {
            data.put("partial", true);
        }
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }

    private static JsonNode share(long users, long total) {
        return AnswerJson.number(total == 0 ? null : (Double) (users / (double) total));
    }
}
