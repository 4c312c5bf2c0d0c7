package dev.tidemark.query;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the catalog of a list of events holds, by going through the list. */
final class NaiveCatalog {
    private final List<StoredEvent> events;

    NaiveCatalog(List<StoredEvent> events, @Nullable String eventType) {
        this.events = events.stream()
                .filter(event -> eventType == null || event.event().type().equals(eventType))
                .toList();
    }

    List<CatalogPage.EventType> eventTypes(String search) {
        Map<String, List<StoredEvent>> byType = new TreeMap<>();
        for (StoredEvent event : events) {
            if (holds(event.event().type(), search)) {
                byType.computeIfAbsent(event.event().type(), _ -> new ArrayList<>())
                        .add(event);
            }
        }
        List<CatalogPage.EventType> types = new ArrayList<>();
        byType.forEach((name, of) -> {
            long last = Long.MIN_VALUE;
            Set<Long> persons = new HashSet<>();
            for (StoredEvent event : of) {
                last = Math.max(last, event.event().timestampMillis());
                if (event.person() != 0) {
                    persons.add(event.person());
                }
            }
            types.add(new CatalogPage.EventType(name, of.size(), Instant.ofEpochMilli(last), (long) persons.size()));
        });
        return types;
    }

    List<CatalogPage.FoundProperty> properties(String search) {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, List<Double>> numbers = new HashMap<>();
        for (StoredEvent event : events) {
            each(event, (path, value) -> {
                if (!holds(path, search)) {
                    return;
                }
                long[] count = counts.computeIfAbsent(path, _ -> new long[3]);
                count[value instanceof String ? 0 : value instanceof Double ? 1 : 2]++;
                if (value instanceof Double number) {
                    numbers.computeIfAbsent(path, _ -> new ArrayList<>()).add(number + 0.0);
                }
            });
        }
        List<CatalogPage.FoundProperty> found = new ArrayList<>();
        counts.forEach((path, count) -> {
            List<Double> of = numbers.getOrDefault(path, List.of());
            found.add(new CatalogPage.FoundProperty(
                    path,
                    count[0],
                    count[1],
                    count[2],
                    of.stream().min(Comparator.naturalOrder()).orElse(null),
                    of.stream().max(Comparator.naturalOrder()).orElse(null)));
        });
        return found;
    }

    /** How often each value stands in a property: texts, numbers with one zero, and booleans. */
    Map<Object, Long> values(String path, String search) {
        Map<Object, Long> values = new HashMap<>();
        for (StoredEvent event : events) {
            each(event, (name, value) -> {
                Object shown = value instanceof Double number ? (Object) (number + 0.0) : value;
                if (name.equals(path) && holds(text(shown), search)) {
                    values.merge(shown, 1L, Long::sum);
                }
            });
        }
        return values;
    }

    private static String text(Object value) {
        if (value instanceof Double number && number == Math.rint(number)) {
            return Long.toString(number.longValue());
        }
        return value.toString();
    }

    private static boolean holds(String text, String search) {
        return text.toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT));
    }

    private static void each(StoredEvent stored, BiConsumer<String, Object> found) {
        found.accept("event_type", stored.event().type());
        id("user_id", stored.event().userId(), found);
        id("anonymous_id", stored.event().anonymousId(), found);
        id("session_id", stored.event().sessionId(), found);
        for (Map.Entry<ContextField, String> entry : stored.event().context().entrySet()) {
            id(entry.getKey().name().toLowerCase(Locale.ROOT), entry.getValue(), found);
        }
        attributes("properties.", stored.event().properties(), found);
        attributes("user.", stored.userTraits(), found);
    }

    private static void id(String name, @Nullable String value, BiConsumer<String, Object> found) {
        if (value != null && !value.isEmpty()) {
            found.accept(name, value);
        }
    }

    private static void attributes(String prefix, Attributes attributes, BiConsumer<String, Object> found) {
        attributes.strings().forEach((name, value) -> found.accept(prefix + name, value));
        attributes.numbers().forEach((name, value) -> found.accept(prefix + name, value));
        attributes.booleans().forEach((name, value) -> found.accept(prefix + name, value));
    }
}
