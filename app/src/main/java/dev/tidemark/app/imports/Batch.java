package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What is sent together: events, and the dead letters of what could not become one. */
record Batch(List<Item> events, List<ObjectNode> deadLetters) {
    private static final int MAX_ITEMS = 1_000;
    private static final int MAX_CHARS = 1 << 20;

    Batch {
        events = List.copyOf(events);
        deadLetters = List.copyOf(deadLetters);
    }

    /**
     * One event with where it came from.
     *
     * @param line its number
     * @param text of the record
     * @param name of the occurrence of the record
     */
    record Item(ObjectNode event, long line, String text, String name) {}

    /** Collects a batch. Not thread-safe. */
    static final class Builder {
        private final List<Item> events = new ArrayList<>();
        private final List<ObjectNode> deadLetters = new ArrayList<>();
        private int chars;

        void event(Item item) {
            events.add(item);
            chars += item.text().length();
        }

        void deadLetter(ObjectNode deadLetter, String text) {
            deadLetters.add(deadLetter);
            chars += text.length();
        }

        boolean full() {
            return events.size() + deadLetters.size() >= MAX_ITEMS || chars >= MAX_CHARS;
        }

        boolean isEmpty() {
            return events.isEmpty() && deadLetters.isEmpty();
        }

        Batch build() {
            return new Batch(events, deadLetters);
        }
    }
}
