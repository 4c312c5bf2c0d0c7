package dev.tidemark.query;

import dev.tidemark.store.StoredEvent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every event has in common that a question can look at, for whoever keeps many questions and has an event for few of them. An
 * event that lacks any of it does not concern the question; one that has all of it may.
 *
 * @param eventTypes one of these; empty for any
 * @param pins values that properties must have
 */
public record Interest(Set<String> eventTypes, Map<Property, Scalar> pins) {

    public Interest {
        eventTypes = Set.copyOf(eventTypes);
        pins = Map.copyOf(pins);
    }

    /** Of a question that a fold is for. */
    public static Interest of(Question question) {
        Map<Property, Scalar> pins = new LinkedHashMap<>();
        Set<String> types = types(question);
        pin(question.filter(), pins);
        if (pins.remove(new Property.EventType()) instanceof Scalar.Text(String type)) {
            types = types.isEmpty() || types.contains(type) ? Set.of(type) : Set.of();
        }
        return new Interest(types, pins);
    }

    /** The value of a property of an event, to compare with a pinned one; empty where the event lacks it. */
    public static Optional<Scalar> value(Property property, StoredEvent event) {
        return Optional.ofNullable(EventValue.of(property, event));
    }

    /** Whether an event has all of it. */
    public boolean covers(StoredEvent event) {
        if (!eventTypes.isEmpty() && !eventTypes.contains(event.event().type())) {
            return false;
        }
        for (Map.Entry<Property, Scalar> pin : pins.entrySet()) {
            if (!pin.getValue().equals(EventValue.of(pin.getKey(), event))) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> types(Question question) {
        Set<String> types = new LinkedHashSet<>();
        if (question instanceof FunnelQuestion funnel && funnel.order() == FunnelQuestion.Order.STRICT) {
            return types;
        }
        for (Scope scope : question.scopes()) {
            if (scope.eventTypes().isEmpty()) {
                return Set.of();
            }
            types.addAll(scope.eventTypes());
        }
        return types;
    }

    /** The first value of each property wins; where a filter demands two different ones, no event passes anyway. */
    private static void pin(@Nullable Filter filter, Map<Property, Scalar> pins) {
        switch (filter) {
            case Filter.And(List<Filter> filters) -> filters.forEach(each -> pin(each, pins));
            case Filter.Test test -> {
                boolean isOne = (test.operator() == Operator.EQ || test.operator() == Operator.IN)
                        && test.values().size() == 1;
                if (isOne) {
                    pins.putIfAbsent(test.property(), positive(test.values().getFirst()));
                }
            }
            case null -> {}
            case Filter.Or _, Filter.Not _, Filter.InCohort _ -> {}
        }
    }

    /** As events have it: the negative zero is the positive one. */
    private static Scalar positive(Scalar value) {
        return value instanceof Scalar.Numeric(double number) ? new Scalar.Numeric(number + 0.0) : value;
    }
}
