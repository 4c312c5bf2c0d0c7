package dev.tidemark.query;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a property is compared. {@code NEQ}, {@code NOT_IN} and {@code NOT_CONTAINS} hold exactly where {@code EQ}, {@code IN} and
 * {@code CONTAINS} do not, so also for an absent property. The others are false for an absent property and for one of another
 * type than the value.
 */
public enum Operator {
    EQ,
    NEQ,
    IN,
    NOT_IN,
    CONTAINS,
    NOT_CONTAINS,
    STARTS_WITH,
    /** An RE2 expression that matches anywhere in the text; a dot matches line breaks too. */
    MATCHES,
    GT,
    GTE,
    LT,
    LTE,
    /** From the first value to the second, both included. */
    BETWEEN,
    IS_SET,
    IS_NOT_SET;

    /** The word in questions, as in {@code not_in}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of which this is the exact complement, so that this one holds for an absent property; null for none. */
    @Nullable
    Operator opposite() {
        return switch (this) {
            case NEQ -> EQ;
            case NOT_IN -> IN;
            case NOT_CONTAINS -> CONTAINS;
            case IS_NOT_SET -> IS_SET;
            case EQ, IN, CONTAINS, STARTS_WITH, MATCHES, GT, GTE, LT, LTE, BETWEEN, IS_SET -> null;
        };
    }

    /** Whether it takes a list of any length. */
    boolean takesList() {
        return this == IN || this == NOT_IN;
    }

    boolean takesNothing() {
        return this == IS_SET || this == IS_NOT_SET;
    }

    /** Whether its value must be text. */
    boolean isOfText() {
        return this == CONTAINS || this == NOT_CONTAINS || this == STARTS_WITH || this == MATCHES;
    }

    /** Whether it asks for an order, which booleans have none of. */
    boolean isOfOrder() {
        return this == GT || this == GTE || this == LT || this == LTE || this == BETWEEN;
    }
}
