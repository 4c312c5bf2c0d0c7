package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Finds what a number of an answer about paths was made of: see {@link SpotReader}. */
final class WalkSpotReader {
    private final PathsQuestion question;

    WalkSpotReader(PathsQuestion question) {
        this.question = question;
    }

    Spot read(Fields at) {
        WalkSpot spot = at.has("path") ? whole(at) : step(at);
        return new Spot(
                question.touchedRange(),
                question.filter(),
                List.of(Scope.EVERYTHING),
                List.of(),
                new Spot.Walking(question, spot));
    }

    private WalkSpot whole(Fields at) {
        for (String other : List.of("step", "from", "to", "dropped")) {
            if (at.has(other)) {
                throw Fields.invalid(at.at(other), "does not go with a whole path");
            }
        }
        List<JsonNode> path = at.list("path");
        if (path.size() != question.steps()) {
            throw Fields.invalid(at.at("path"), "must have the " + question.steps() + " events of a path");
        }
        List<BreakdownValue> events = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            events.add(value(Fields.text(path.get(i), at.at("path") + "[" + i + "]")));
        }
        return new WalkSpot.Whole(question.before() ? events.reversed() : events);
    }

    private WalkSpot step(Fields at) {
        at.required("step");
        int step = at.integer("step", 0);
        if (step < 1 || step > question.steps()) {
            throw Fields.invalid(at.at("step"), "must be a step between 1 and " + question.steps());
        }
        boolean ended = at.flag("dropped");
        if (ended && at.has("to")) {
            throw Fields.invalid(at.at("to"), "is nowhere that those who ended before it went");
        }
        return new WalkSpot.Step(
                step,
                at.text("from").map(WalkSpotReader::value).orElse(null),
                at.text("to").map(WalkSpotReader::value).orElse(null),
                ended);
    }

    private static BreakdownValue value(String label) {
        return switch (label) {
            case "$none" -> new BreakdownValue.None();
            case "$other" -> new BreakdownValue.Other();
            default -> new BreakdownValue.Value(label);
        };
    }
}
