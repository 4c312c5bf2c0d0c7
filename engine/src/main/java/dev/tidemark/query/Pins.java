package dev.tidemark.query;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that a filter pins properties to: by tests of equality with one value, without which nothing passes. Of a property that
 * it pins twice only the first value is one.
 */
final class Pins {
    private Pins() {}

    /** In the order of the filter's tests, as events have them: the negative zero is the positive one. */
    static Map<Property, Scalar> of(@Nullable Filter filter) {
        Map<Property, Scalar> pins = new LinkedHashMap<>();
        collect(filter, pins);
        return pins;
    }

    private static void collect(@Nullable Filter filter, Map<Property, Scalar> pins) {
        switch (filter) {
            case Filter.And(List<Filter> filters) -> filters.forEach(each -> collect(each, pins));
            case Filter.Test test -> {
                if (isOfOneValue(test)) {
                    pins.putIfAbsent(test.property(), positive(test.values().getFirst()));
                }
            }
            case null -> {}
            case Filter.Or _, Filter.Not _, Filter.InCohort _ -> {}
        }
    }

    /** Whether a test that must hold is one of those that the pins are from. */
    static boolean isPin(Filter.Test test, Map<Property, Scalar> pins) {
        return isOfOneValue(test) && positive(test.values().getFirst()).equals(pins.get(test.property()));
    }

    /**
     * The filter of which events pass that would with one of several values of each pinned property.
     *
     * @param wanted values by property, for some of the pinned ones
     */
    static Filter widened(Filter filter, Map<Property, Scalar> pins, Map<Property, List<Scalar>> wanted) {
        return switch (filter) {
            case Filter.And(List<Filter> filters) ->
                new Filter.And(filters.stream()
                        .map(each -> widened(each, pins, wanted))
                        .toList());
            case Filter.Test test -> {
                List<Scalar> values = wanted.get(test.property());
                yield values == null || !isPin(test, pins)
                        ? test
                        : new Filter.Test(test.property(), Operator.IN, values);
            }
            case Filter.Or _, Filter.Not _, Filter.InCohort _ -> filter;
        };
    }

    private static boolean isOfOneValue(Filter.Test test) {
        return (test.operator() == Operator.EQ || test.operator() == Operator.IN)
                && test.values().size() == 1;
    }

    private static Scalar positive(Scalar value) {
        return value instanceof Scalar.Numeric(double number) ? new Scalar.Numeric(number + 0.0) : value;
    }
}
