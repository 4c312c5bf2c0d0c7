package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What people did away from the anchors.
 *
 * @param total the sessions with an anchor
 * @param paths the most common whole paths, the largest first
 * @param links from each step to the next, by step and size
 * @param ended how many sessions ended before each step, by step
 */
public record PathsAnswer(PathsQuestion question, long total, List<Path> paths, List<Link> links, List<Long> ended)
        implements Answer {
    public PathsAnswer {
        paths = List.copyOf(paths);
        links = List.copyOf(links);
        ended = List.copyOf(ended);
    }

    /**
     * Sessions that went the same way.
     *
     * @param events nearest to the anchor first
     */
    public record Path(List<BreakdownValue> events, long count) {
        public Path {
            events = List.copyOf(events);
        }
    }

    /**
     * Sessions that went from one event to another.
     *
     * @param step of the one they went to, counted from 1 away from the anchor
     * @param from the anchor itself at the first step
     */
    public record Link(int step, BreakdownValue from, BreakdownValue to, long count) {}

    /** The events of a path stand in the order of time. */
    @Override
    public ObjectNode toJson() {
        ObjectNode data = AnswerJson.JSON.objectNode();
        data.put("total", total);
        ArrayNode pathNodes = data.putArray("paths");
        for (Path path : paths) {
            ObjectNode node = pathNodes.addObject();
            ArrayNode events = node.putArray("events");
            (question.before() ? path.events().reversed() : path.events()).forEach(event -> events.add(event.label()));
            node.put("count", path.count()).set("share", share(path.count()));
        }
        ArrayNode linkNodes = data.putArray("links");
        for (Link link : links) {
            linkNodes
                    .addObject()
                    .put("step", link.step())
                    .put("from", link.from().label())
                    .put("to", link.to().label())
                    .put("count", link.count());
        }
        ArrayNode endNodes = data.putArray("drop_off");
        for (int step = 1; step <= ended.size(); step++) {
            long count = ended.get(step - 1);
            endNodes.addObject().put("step", step).put("count", count).set("share", share(count));
        }
        data.put("direction", question.before() ? "before" : "after");
        data.put("by", question.by().path());
        AnswerJson.putRange(data, question.range(), question.zone());
        return data;
    }

    private JsonNode share(long count) {
        return AnswerJson.number(total == 0 ? null : (Double) ((double) count / total));
    }
}
