package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The questions that the benchmarks and the crash test ask, in the API's JSON. */
final class Questions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Questions() {}

    /** A half-open range of event time. */
    record Range(Instant start, Instant end) {

        /** The smallest range of whole minutes, hours or days in UTC that has this one in it; rollups may answer for it. */
        Range widenedTo(ChronoUnit unit) {
            Instant floor = end.truncatedTo(unit);
            return new Range(start.truncatedTo(unit), floor.equals(end) ? end : floor.plus(unit.getDuration()));
        }

        /** This range from a moment before its start that no rollup begins at, so that only the events can answer for it. */
        Range offTheMinute() {
            return new Range(start.truncatedTo(ChronoUnit.MINUTES).minusMillis(1), end);
        }
    }

    /** How many events of some types there are, by the events themselves; of every type when none is named. */
    static ObjectNode count(Range range, List<String> eventTypes) {
        ObjectNode question = question("metric", range.offTheMinute());
        ObjectNode measure = measure(question, "count", "events");
        if (!eventTypes.isEmpty()) {
            ArrayNode events = measure.putArray("event");
            eventTypes.forEach(events::add);
        }
        return question;
    }

    static ObjectNode question(String type, Range range) {
        ObjectNode question = NODES.objectNode();
        question.put("type", type);
        question.putObject("range")
                .put("start_time", range.start().toString())
                .put("end_time", range.end().toString());
        question.put("zone", "UTC");
        return question;
    }

    /** Adds a measure to a question and returns it. */
    static ObjectNode measure(ObjectNode question, String name, String measure) {
        ArrayNode measures = question.withArrayProperty("measures");
        return measures.addObject().put("name", name).put("measure", measure);
    }

    static ObjectNode propertyEquals(String property, String value) {
        return NODES.objectNode()
                .put("property", property)
                .put("operator", "eq")
                .put("value", value);
    }

    static ObjectNode propertyIsSet(String property) {
        return NODES.objectNode().put("property", property).put("operator", "is_set");
    }
}
