package dev.tidemark.query;

/** One of the things that a breakdown splits into. */
public sealed interface BreakdownValue {

    /** As it stands in answers. */
    String label();

    /**
     * A value of the property, as text: booleans as {@code true} and {@code false}, numbers in the shortest decimal form that reads
     * back as the same number.
     */
    record Value(String text) implements BreakdownValue {
        @Override
        public String label() {
            return text;
        }
    }

    /** All values beyond the limit together. */
    record Other() implements BreakdownValue {
        @Override
        public String label() {
            return "$other";
        }
    }

    /** Events that lack the property. */
    record None() implements BreakdownValue {
        @Override
        public String label() {
            return "$none";
        }
    }
}
