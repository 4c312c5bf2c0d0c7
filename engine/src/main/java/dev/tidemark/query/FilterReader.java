package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads filters from JSON. */
final class FilterReader {
    static final int MAX_DEPTH = 10;
    static final int MAX_TESTS = 100;
    static final int MAX_VALUES = 500;
    static final int MAX_TEXT = 1_000;

    private final QuestionContext context;
    private int tests;

    private FilterReader(QuestionContext context) {
        this.context = context;
    }

    /**
     * Reads one filter.
     *
     * @param path where it stands, for failures
     */
    static Filter read(JsonNode node, String path, QuestionContext context) {
        return new FilterReader(context).filter(node, path, 1);
    }

    private Filter filter(JsonNode node, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw Fields.invalid(path, "filters can be nested at most " + MAX_DEPTH + " deep");
        }
        Fields fields = Fields.open(node, path);
        for (String word : List.of("and", "or")) {
            if (fields.has(word)) {
                Fields.of(node, path, List.of(word));
                List<Filter> members = members(fields, word, depth);
                return word.equals("and") ? new Filter.And(members) : new Filter.Or(members);
            }
        }
        if (fields.has("not")) {
            Fields.of(node, path, List.of("not"));
            return new Filter.Not(filter(fields.required("not"), fields.at("not"), depth + 1));
        }
        return fields.has("cohort") ? cohort(node, path) : test(node, path);
    }

    private Filter cohort(JsonNode node, String path) {
        Fields fields = Fields.of(node, path, List.of("cohort"));
        String at = fields.at("cohort");
        Cohort cohort = CohortReader.resolve(fields.requiredText("cohort"), at, context);
        count(cohort.rule().weight(), at);
        return new Filter.InCohort(cohort);
    }

    private void count(int more, String path) {
        tests += more;
        if (tests > MAX_TESTS) {
            throw Fields.invalid(
                    path,
                    "a filter can test at most " + MAX_TESTS + " properties, the conditions of its cohorts included");
        }
    }

    private List<Filter> members(Fields fields, String word, int depth) {
        List<Filter> members = new ArrayList<>();
        List<JsonNode> nodes = fields.list(word);
        if (nodes.isEmpty()) {
            throw Fields.invalid(fields.at(word), "needs at least one filter");
        }
        for (int i = 0; i < nodes.size(); i++) {
            members.add(filter(nodes.get(i), fields.at(word) + "[" + i + "]", depth + 1));
        }
        return members;
    }

    private Filter test(JsonNode node, String path) {
        count(1, path);
        Fields fields = Fields.of(node, path, List.of("property", "operator", "value"));
        Property property =
                Fields.property(limited(fields.requiredText("property"), fields.at("property")), fields.at("property"));
        Operator operator = operator(fields);
        List<Scalar> values = values(fields, operator);
        Filter.Test test = Fields.within(path, () -> new Filter.Test(property, operator, values));
        if (operator == Operator.MATCHES && values.getFirst() instanceof Scalar.Text text) {
            try {
                Pattern.compile(text.value());
            } catch (PatternSyntaxException e) {
                throw Fields.invalid(fields.at("value"), "is not an RE2 expression: " + e.getDescription());
            }
        }
        return test;
    }

    private static Operator operator(Fields fields) {
        String word = fields.requiredText("operator");
        Optional<Operator> operator = Arrays.stream(Operator.values())
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst();
        return operator.orElseThrow(() -> Fields.invalid(
                fields.at("operator"),
                "'" + Fields.abbreviated(word) + "' is no operator; known are "
                        + Arrays.stream(Operator.values())
                                .map(Operator::wireName)
                                .collect(Collectors.joining(", "))));
    }

    private static List<Scalar> values(Fields fields, Operator operator) {
        String at = fields.at("value");
        if (operator.takesNothing()) {
            if (fields.has("value")) {
                throw Fields.invalid(at, operator.wireName() + " takes no value");
            }
            return List.of();
        }
        JsonNode value = fields.required("value");
        if (!operator.takesList() && operator != Operator.BETWEEN) {
            return List.of(scalar(value, at));
        }
        if (!value.isArray()) {
            throw Fields.invalid(at, operator.wireName() + " takes a list");
        }
        if (operator == Operator.BETWEEN && value.size() != 2) {
            throw Fields.invalid(at, "between takes two values, the lower and the upper end");
        }
        if (value.isEmpty() || value.size() > MAX_VALUES) {
            throw Fields.invalid(at, "must have 1 to " + MAX_VALUES + " values");
        }
        List<Scalar> values = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            values.add(scalar(value.get(i), at + "[" + i + "]"));
        }
        return values;
    }

    private static Scalar scalar(JsonNode node, String path) {
        if (node.isTextual()) {
            return new Scalar.Text(limited(node.textValue(), path));
        }
        if (node.isNumber()) {
            double number = node.doubleValue();
            if (!Double.isFinite(number)) {
                throw Fields.invalid(path, "is too large a number");
            }
            return new Scalar.Numeric(number + 0.0);
        }
        if (node.isBoolean()) {
            return new Scalar.Flag(node.booleanValue());
        }
        throw Fields.invalid(path, "must be a text, a number, true or false");
    }

    private static String limited(String text, String path) {
        if (text.length() > MAX_TEXT) {
            throw Fields.invalid(path, "can have at most " + MAX_TEXT + " characters");
        }
        return text;
    }
}
