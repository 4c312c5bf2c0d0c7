package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Filters in SQL. A condition is never null, so that {@code NOT} is an exact complement. */
final class Conditions {
    private static final String NEVER = "false";

    private final Parameters parameters;
    private final Map<Cohort, String> named;

    Conditions(Parameters parameters) {
        this(parameters, Map.of());
    }

    /**
     * In a select that has names for being a member of some cohorts.
     *
     * @param named what to write instead of the cohort's own condition
     */
    Conditions(Parameters parameters, Map<Cohort, String> named) {
        this.parameters = parameters;
        this.named = Map.copyOf(named);
    }

    /** A select with a filter as a further condition; null for none. */
    Select.Builder limited(Select.Builder select, @Nullable Filter filter) {
        if (filter == null) {
            return select;
        }
        return filter.isOfEventTypeOnly() ? select.within(of(filter)) : select.where(of(filter));
    }

    /** A select of the events of any of some scopes. */
    Select.Builder limited(Select.Builder select, List<Scope> scopes) {
        List<String> parts = new ArrayList<>();
        for (Scope scope : scopes) {
            String part = of(scope);
            if (part == null) {
                return select;
            }
            parts.add(part);
        }
        String any = String.join(" OR ", parts);
        return scopes.stream().allMatch(scope -> scope.filter() == null) ? select.within(any) : select.where(any);
    }

    String of(Filter filter) {
        return switch (filter) {
            case Filter.And and -> joined(and.filters(), " AND ");
            case Filter.Or or -> joined(or.filters(), " OR ");
            case Filter.Not not -> "NOT (" + of(not.filter()) + ")";
            case Filter.Test test -> test(test);
            case Filter.InCohort in -> {
                String name = named.get(in.cohort());
                yield name == null ? new CohortConditions(parameters).of(in.cohort()) : name;
            }
        };
    }

    /** Which events a measure looks at; null for all. */
    @Nullable
    String of(Scope scope) {
        List<String> parts = new ArrayList<>();
        if (!scope.eventTypes().isEmpty()) {
            parts.add(ofTypes(scope.eventTypes(), parameters));
        }
        if (scope.filter() != null) {
            parts.add(of(scope.filter()));
        }
        return parts.isEmpty() ? null : "(" + String.join(" AND ", parts) + ")";
    }

    /** The value of a property, an expression that is meaningful only where it has one of a type. */
    String value(Property property, Scalar sample) {
        return switch (sample) {
            case Scalar.Text _ -> place(property, Type.TEXT).orNothing();
            // Adding 0 makes the negative zero positive.
            case Scalar.Numeric _ -> "(" + place(property, Type.NUMBER).orNothing() + " + 0)";
            case Scalar.Flag _ -> place(property, Type.FLAG).orNothing();
        };
    }

    /** Whether an event is of one of some types. The engine plans an equation in half the time of a set. */
    static String ofTypes(List<String> types, Parameters parameters) {
        return types.size() == 1
                ? "event_type = " + parameters.text(types.getFirst())
                : "event_type IN " + parameters.texts(types);
    }

    private String joined(List<Filter> filters, String word) {
        return filters.stream().map(this::of).collect(Collectors.joining(word, "(", ")"));
    }

    private String test(Filter.Test test) {
        return switch (test.operator()) {
            case EQ, IN -> equal(test);
            case NEQ, NOT_IN -> "NOT " + equal(test);
            case CONTAINS -> contains(test);
            case NOT_CONTAINS -> "NOT " + contains(test);
            case STARTS_WITH -> typed(test, (x, v) -> "startsWith(" + x + ", " + v.getFirst() + ")");
            case MATCHES -> typed(test, (x, v) -> "match(" + x + ", " + v.getFirst() + ")");
            case GT -> typed(test, (x, v) -> x + " > " + v.getFirst());
            case GTE -> typed(test, (x, v) -> x + " >= " + v.getFirst());
            case LT -> typed(test, (x, v) -> x + " < " + v.getFirst());
            case LTE -> typed(test, (x, v) -> x + " <= " + v.getFirst());
            case BETWEEN -> typed(test, (x, v) -> x + " >= " + v.getFirst() + " AND " + x + " <= " + v.getLast());
            case IS_SET -> "(" + PropertyColumns.of(test.property(), parameters).present() + ")";
            case IS_NOT_SET ->
                "NOT (" + PropertyColumns.of(test.property(), parameters).present() + ")";
        };
    }

    private String contains(Filter.Test test) {
        return typed(test, (x, v) -> "position(" + x + ", " + v.getFirst() + ") > 0");
    }

    private String equal(Filter.Test test) {
        List<String> alternatives = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        for (Scalar value : test.values()) {
            switch (value) {
                case Scalar.Text text -> texts.add(text.value());
                case Scalar.Numeric number -> numbers.add(number.value());
                case Scalar.Flag flag -> flags.add(flag.value() ? "true" : "false");
            }
        }
        if (!texts.isEmpty()) {
            Place place = place(test.property(), Type.TEXT);
            alternatives.add(place.where(x -> x
                    + (texts.size() == 1
                            ? " = " + parameters.text(texts.getFirst())
                            : " IN " + parameters.texts(texts))));
        }
        if (!numbers.isEmpty()) {
            // IN tells the two zeros apart; adding 0 makes the negative one positive.
            Place place = place(test.property(), Type.NUMBER);
            alternatives.add(place.where(x -> numbers.size() == 1
                    ? x + " = " + parameters.number(numbers.getFirst())
                    : "(" + x + " + 0) IN " + parameters.numbers(numbers)));
        }
        for (String flag : flags) {
            alternatives.add(place(test.property(), Type.FLAG).where(x -> x + " = " + flag));
        }
        return "(" + String.join(" OR ", alternatives) + ")";
    }

    /** A condition on the value of the property where it is of the type of the test's values; else false. */
    private String typed(Filter.Test test, Comparer comparer) {
        boolean isText = test.values().getFirst() instanceof Scalar.Text;
        Place place = place(test.property(), isText ? Type.TEXT : Type.NUMBER);
        return place.where(x -> comparer.condition(
                x, test.values().stream().map(this::placeholder).toList()));
    }

    private String placeholder(Scalar value) {
        return switch (value) {
            case Scalar.Text text -> parameters.text(text.value());
            case Scalar.Numeric number -> parameters.number(number.value());
            case Scalar.Flag flag -> flag.value() ? "true" : "false";
        };
    }

    private Place place(Property property, Type type) {
        return switch (property) {
            case Property.EventType _ -> column("event_type", type);
            case Property.Identity identity -> column(identity.column(), type);
            case Property.Context context -> column(context.field().column(), type);
            case Property.Sent sent -> entry("props", type, parameters.text(sent.name()));
            case Property.Trait trait -> entry("user", type, parameters.text(trait.name()));
        };
    }

    private static Place column(String column, Type type) {
        return type == Type.TEXT ? new Place(column + " != ''", column) : new Place(NEVER, "");
    }

    private static Place entry(String maps, Type type, String key) {
        String map = maps + type.suffix;
        return new Place("mapContains(" + map + ", " + key + ")", map + "[" + key + "]");
    }

    /** Where the values of a property stand that have one type. */
    private record Place(String present, String value) {
        String orNothing() {
            return present.equals(NEVER) ? "0" : value;
        }

        String where(Function<String, String> condition) {
            return present.equals(NEVER) ? NEVER : "(" + present + " AND " + condition.apply(value) + ")";
        }
    }

    private enum Type {
        TEXT("_str"),
        NUMBER("_num"),
        FLAG("_bool");

        private final String suffix;

        Type(String suffix) {
            this.suffix = suffix;
        }
    }

    @FunctionalInterface
    private interface Comparer {
        String condition(String value, List<String> placeholders);
    }
}
