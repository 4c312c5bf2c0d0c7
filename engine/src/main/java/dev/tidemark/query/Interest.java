package dev.tidemark.query;

import dev.tidemark.store.StoredEvent;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What every event has in common that a question can look at, for whoever keeps many questions and has an event for few of them. An
 * event that lacks any of it does not concern the question; one that has all of it may.
 *
 * @param eventTypes one of these; empty for any
 * @param pins values that properties must have; where a filter demands two different ones, no event passes anyway
 */
public record Interest(Set<String> eventTypes, Map<Property, Scalar> pins) {

    public Interest {
        eventTypes = Set.copyOf(eventTypes);
        pins = Map.copyOf(pins);
    }

    /** Of a question that a fold is for. */
    public static Interest of(Question question) {
        Map<Property, Scalar> pins = Pins.of(question.filter());
        Set<String> types = types(question);
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
}
