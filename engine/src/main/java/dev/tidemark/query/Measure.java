package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;

/** One number that a question asks for, under a name. */
public sealed interface Measure {
    String name();

    /** What a bucket without events has. */
    default boolean isZeroWhenEmpty() {
        return switch (this) {
            case EventCount _, DistinctUsers _, Sessions _, DistinctValues _ -> true;
            case NumericAggregate numeric -> numeric.function() == NumericFunction.SUM;
            case EventsPerUser _, Formula _ -> false;
        };
    }

    /** Whether its value in a bucket depends on nothing but the events of the bucket. */
    default boolean isOfOneBucket() {
        return switch (this) {
            case EventCount _, DistinctUsers _, Sessions _, NumericAggregate _, DistinctValues _, EventsPerUser _ ->
                ((Counted) this).scope().isOfOneEvent();
            case Formula _ -> true;
        };
    }

    /** A measure that is read from events, as opposed to one that is computed from other measures. */
    sealed interface Counted extends Measure {
        Scope scope();
    }

    /** How many events. */
    record EventCount(String name, Scope scope) implements Counted {}

    /** How many persons; events without a person are none. */
    record DistinctUsers(String name, Scope scope, boolean exact) implements Counted {}

    /** How many session ids. */
    record Sessions(String name, Scope scope, boolean exact) implements Counted {}

    /** A function of the numbers of a property; values of another type are left out. */
    record NumericAggregate(String name, Scope scope, NumericFunction function, Property property) implements Counted {
        public NumericAggregate {
            if (!(property instanceof Property.Sent) && !(property instanceof Property.Trait)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "'" + property.path() + "' holds no numbers; name a property, as in properties.amount",
                        "property");
            }
        }
    }

    /** How many values a property has, compared as text. */
    record DistinctValues(String name, Scope scope, Property property, boolean exact) implements Counted {}

    /** Events of persons divided by persons; null without a person. Events without a person are left out. */
    record EventsPerUser(String name, Scope scope, boolean exact) implements Counted {}

    /** Computed from the values of other measures, which are not formulas themselves. */
    record Formula(String name, Expression expression) implements Measure {}
}
