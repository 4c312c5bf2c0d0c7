package dev.tidemark.base;

import java.util.Map;

/**
 * Named values of one event or user, by type: nested names are flattened with dots, arrays are kept as JSON text among the
 * strings. A name stands in at most one of the maps. Immutable by convention: whoever makes one gives the maps away.
 */
public record Attributes(Map<String, String> strings, Map<String, Double> numbers, Map<String, Boolean> booleans) {
    public static final Attributes NONE = new Attributes(Map.of(), Map.of(), Map.of());

    public int size() {
        return strings.size() + numbers.size() + booleans.size();
    }

    public boolean isEmpty() {
        return size() == 0;
    }
}
