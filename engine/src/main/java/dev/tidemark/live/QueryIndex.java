package dev.tidemark.live;

import dev.tidemark.query.Interest;
import dev.tidemark.query.Property;
import dev.tidemark.query.Scalar;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The standing queries of one tenant, found by an event without looking at each. A query that looks only at events with a certain
 * value of a property stands under that value; where it has several such properties, under the one that parts it best from the
 * others; then by event type. Not thread-safe.
 */
final class QueryIndex {
    private final Map<Property, Map<Scalar, Shelf>> byValue = new HashMap<>();
    private final Shelf free = new Shelf();
    private final Map<StandingQuery, Place> places = new HashMap<>();

    /** Where a query stands. */
    private record Place(Interest interest, Optional<Map.Entry<Property, Scalar>> pin) {}

    /** Queries by the event types that they look at. */
    private static final class Shelf {
        private final Map<String, List<StandingQuery>> byType = new HashMap<>();
        private final List<StandingQuery> ofAnyType = new ArrayList<>();
        private int size;

        void add(StandingQuery query, Set<String> types) {
            size++;
            if (types.isEmpty()) {
                ofAnyType.add(query);
            }
            types.forEach(
                    type -> byType.computeIfAbsent(type, _ -> new ArrayList<>()).add(query));
        }

        void remove(StandingQuery query, Set<String> types) {
            size--;
            ofAnyType.remove(query);
            types.forEach(type -> byType.computeIfPresent(type, (_, queries) -> {
                queries.remove(query);
                return queries.isEmpty() ? null : queries;
            }));
        }

        void offer(String type, Consumer<StandingQuery> consumer) {
            ofAnyType.forEach(consumer);
            byType.getOrDefault(type, List.of()).forEach(consumer);
        }
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    int size() {
        return places.size();
    }

    List<StandingQuery> queries() {
        return List.copyOf(places.keySet());
    }

    /** Adds a query that is not here. */
    void add(StandingQuery query, Interest interest) {
        Optional<Map.Entry<Property, Scalar>> pin =
                interest.pins().entrySet().stream().min((left, right) -> Integer.compare(crowd(left), crowd(right)));
        places.put(query, new Place(interest, pin));
        pin.ifPresentOrElse(
                by -> byValue.computeIfAbsent(by.getKey(), _ -> new HashMap<>())
                        .computeIfAbsent(by.getValue(), _ -> new Shelf())
                        .add(query, interest.eventTypes()),
                () -> free.add(query, interest.eventTypes()));
    }

    void remove(StandingQuery query) {
        Place place = places.remove(query);
        if (place == null) {
            return;
        }
        place.pin.ifPresentOrElse(
                by -> byValue.computeIfPresent(by.getKey(), (_, values) -> {
                    values.computeIfPresent(by.getValue(), (_, shelf) -> {
                        shelf.remove(query, place.interest.eventTypes());
                        return shelf.size == 0 ? null : shelf;
                    });
                    return values.isEmpty() ? null : values;
                }),
                () -> free.remove(query, place.interest.eventTypes()));
    }

    /** Hands over every query that an event can concern, once. */
    void find(StoredEvent event, Consumer<StandingQuery> consumer) {
        String type = event.event().type();
        free.offer(type, consumer);
        byValue.forEach((property, values) -> Interest.value(property, event)
                .map(values::get)
                .ifPresent(shelf -> shelf.offer(type, query -> {
                    Place place = places.get(query);
                    if (place != null && place.interest.covers(event)) {
                        consumer.accept(query);
                    }
                })));
    }

    private int crowd(Map.Entry<Property, Scalar> pin) {
        Shelf shelf = byValue.getOrDefault(pin.getKey(), Map.of()).get(pin.getValue());
        return shelf == null ? 0 : shelf.size;
    }
}
