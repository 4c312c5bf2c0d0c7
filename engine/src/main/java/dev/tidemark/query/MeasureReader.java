package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads measures from JSON. */
final class MeasureReader {
    private static final int MAX_NAME = 100;
    private static final List<String> KNOWN =
            List.of("name", "measure", "property", "event", "filter", "exact", "formula", "minutes", "conversion");

    private MeasureReader() {}

    static List<Measure> read(Fields question, QuestionContext context) {
        List<JsonNode> nodes = question.list("measures");
        if (nodes.isEmpty() || nodes.size() > Measures.MAX) {
            throw Fields.invalid("measures", "there must be 1 to " + Measures.MAX + " measures");
        }
        List<Measure> measures = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            measures.add(measure(nodes.get(i), "measures[" + i + "]", context));
        }
        return Measures.checked(measures);
    }

    static Measure measure(JsonNode node, String path, QuestionContext context) {
        Fields fields = Fields.of(node, path, KNOWN);
        if (fields.has("formula")) {
            return formula(node, path, fields);
        }
        String word = fields.requiredText("measure");
        String name = name(fields, word);
        Scope scope = ScopeReader.read(fields, context);
        Measure measure = switch (word) {
            case "events" -> new Measure.EventCount(name, scope);
            case "users" -> new Measure.DistinctUsers(name, scope, fields.flag("exact"));
            case "sessions" -> new Measure.Sessions(name, scope, fields.flag("exact"));
            case "events_per_user" -> new Measure.EventsPerUser(name, scope, fields.flag("exact"));
            case "distinct" -> new Measure.DistinctValues(name, scope, property(fields), fields.flag("exact"));
            case "active_users_now" -> activeNow(fields, name, scope);
            default -> named(fields, word, name, scope);
        };
        refuseMeaningless(fields, measure, word);
        fields.flag("exact");
        return measure;
    }

    private static Measure activeNow(Fields fields, String name, Scope scope) {
        int minutes = fields.integer("minutes", Measure.ActiveNow.DEFAULT_MINUTES);
        return Fields.within(fields.path(), () -> new Measure.ActiveNow(name, scope, minutes, fields.flag("exact")));
    }

    /** A measure whose word is that of a function. */
    private static Measure named(Fields fields, String word, String name, Scope scope) {
        for (TrailingFunction function : TrailingFunction.values()) {
            if (function.wireName().equals(word)) {
                return new Measure.Trailing(name, scope, function, fields.flag("exact"));
            }
        }
        for (SessionFunction function : SessionFunction.values()) {
            if (function.wireName().equals(word)) {
                return new Measure.OfSessions(name, scope, function, ScopeReader.eventTypes(fields, "conversion"));
            }
        }
        return numeric(fields, word, name, scope);
    }

    private static void refuseMeaningless(Fields fields, Measure measure, String word) {
        if (!(measure instanceof Measure.NumericAggregate) && !(measure instanceof Measure.DistinctValues)) {
            refuse(fields, "property", word);
        }
        if (!(measure instanceof Measure.ActiveNow)) {
            refuse(fields, "minutes", word);
        }
        if (!(measure instanceof Measure.OfSessions ofSessions)
                || ofSessions.function() != SessionFunction.ENGAGEMENT_RATE) {
            refuse(fields, "conversion", word);
        }
        if (measure instanceof Measure.OfSessions) {
            refuse(fields, "exact", word);
        }
    }

    private static Measure numeric(Fields fields, String word, String name, Scope scope) {
        Optional<NumericFunction> function = Arrays.stream(NumericFunction.values())
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst();
        if (function.isEmpty()) {
            throw Fields.invalid(
                    fields.at("measure"),
                    "'" + Fields.abbreviated(word)
                            + "' is no measure; known are events, users, sessions, events_per_user, distinct, "
                            + "active_users_now, " + functions());
        }
        Property property = property(fields);
        return Fields.within(fields.path(), () -> new Measure.NumericAggregate(name, scope, function.get(), property));
    }

    private static String functions() {
        return Stream.of(
                        Arrays.stream(NumericFunction.values()).map(NumericFunction::wireName),
                        Arrays.stream(TrailingFunction.values()).map(TrailingFunction::wireName),
                        Arrays.stream(SessionFunction.values()).map(SessionFunction::wireName))
                .flatMap(words -> words)
                .collect(Collectors.joining(", "));
    }

    private static Measure formula(JsonNode node, String path, Fields fields) {
        Fields.of(node, path, List.of("name", "formula"));
        String formula = fields.requiredText("formula");
        return new Measure.Formula(name(fields, "formula"), FormulaParser.parse(formula, fields.at("formula")));
    }

    private static String name(Fields fields, String otherwise) {
        String name = fields.text("name").orElse(otherwise);
        if (name.isBlank() || name.length() > MAX_NAME || name.indexOf('`') >= 0) {
            throw Fields.invalid(
                    fields.at("name"), "must have 1 to " + MAX_NAME + " characters, none of them a backtick");
        }
        return name;
    }

    private static Property property(Fields fields) {
        return Fields.property(fields.requiredText("property"), fields.at("property"));
    }

    private static void refuse(Fields fields, String member, String word) {
        if (fields.has(member)) {
            throw Fields.invalid(fields.at(member), "means nothing for the measure " + word);
        }
    }
}
