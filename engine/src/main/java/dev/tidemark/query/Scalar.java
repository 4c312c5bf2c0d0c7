package dev.tidemark.query;

/** A value that a property is compared with. */
public sealed interface Scalar {
    /** Compares with strings only. */
    record Text(String value) implements Scalar {}

    /** Compares with numbers only; finite. */
    record Numeric(double value) implements Scalar {}

    /** Compares with booleans only. */
    record Flag(boolean value) implements Scalar {}
}
