package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Optional;

/** One number that a question asks for, under a name. */
public sealed interface Measure {
    String name();

    /** What a bucket without events has. */
    default boolean isZeroWhenEmpty() {
        return switch (this) {
            case EventCount _, DistinctUsers _, Sessions _, DistinctValues _, ActiveNow _ -> true;
            case NumericAggregate numeric -> numeric.function() == NumericFunction.SUM;
            case Trailing trailing -> trailing.function() != TrailingFunction.STICKINESS;
            case EventsPerUser _, OfSessions _, Formula _ -> false;
        };
    }

    /** In what its values are measured, {@code percent} (of shares from 0 to 1) or {@code seconds}; empty for plain numbers. */
    default Optional<String> unit() {
        return switch (this) {
            case Trailing trailing ->
                trailing.function() == TrailingFunction.STICKINESS ? Optional.of("percent") : Optional.empty();
            case OfSessions sessions ->
                switch (sessions.function()) {
                    case SESSION_DURATION, MEDIAN_SESSION_DURATION, P90_SESSION_DURATION -> Optional.of("seconds");
                    case BOUNCE_RATE, ENGAGEMENT_RATE -> Optional.of("percent");
                    case EVENTS_PER_SESSION, PAGES_PER_SESSION -> Optional.empty();
                };
            case EventCount _,
                    DistinctUsers _,
                    Sessions _,
                    NumericAggregate _,
                    DistinctValues _,
                    EventsPerUser _,
                    ActiveNow _,
                    Formula _ -> Optional.empty();
        };
    }

    /** Whether its value in a bucket depends on nothing but the events of the bucket. */
    default boolean isOfOneBucket() {
        return switch (this) {
            case EventCount _, DistinctUsers _, Sessions _, NumericAggregate _, DistinctValues _, EventsPerUser _ ->
                ((Counted) this).scope().isOfOneEvent();
            case Trailing _, OfSessions _, ActiveNow _ -> false;
            case Formula _ -> true;
        };
    }

    /** A measure that is read from events, as opposed to one that is computed from other measures. */
    sealed interface Counted extends Measure {
        Scope scope();

        /** The same of other events, under another name. */
        default Counted limitedTo(String name, Scope scope) {
            return switch (this) {
                case EventCount _ -> new EventCount(name, scope);
                case DistinctUsers users -> new DistinctUsers(name, scope, users.exact());
                case Sessions sessions -> new Sessions(name, scope, sessions.exact());
                case NumericAggregate numeric ->
                    new NumericAggregate(name, scope, numeric.function(), numeric.property());
                case DistinctValues values -> new DistinctValues(name, scope, values.property(), values.exact());
                case EventsPerUser perUser -> new EventsPerUser(name, scope, perUser.exact());
                case Trailing trailing -> new Trailing(name, scope, trailing.function(), trailing.exact());
                case OfSessions sessions -> new OfSessions(name, scope, sessions.function(), sessions.conversion());
                case ActiveNow now -> new ActiveNow(name, scope, now.minutes(), now.exact());
            };
        }
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

    /** Persons of the days that end with a day of the zone; absent for a day that has not begun. */
    record Trailing(String name, Scope scope, TrailingFunction function, boolean exact) implements Counted {}

    /**
     * A function of the sessions that begin in a bucket or range and hold an event of the scope.
     *
     * @param conversion event types that make a session an engaged one; empty for a function that does not ask
     */
    record OfSessions(String name, Scope scope, SessionFunction function, List<String> conversion) implements Counted {
        public OfSessions {
            conversion = conversion.stream().distinct().sorted().toList();
        }
    }

    /** How many persons have an event in the last minutes, whatever the question's range. */
    record ActiveNow(String name, Scope scope, int minutes, boolean exact) implements Counted {
        static final int DEFAULT_MINUTES = 5;
        static final int MAX_MINUTES = 60;

        public ActiveNow {
            if (minutes < 1 || minutes > MAX_MINUTES) {
                throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be between 1 and " + MAX_MINUTES, "minutes");
            }
        }
    }

    /** Computed from the values of other measures, which are not formulas themselves. */
    record Formula(String name, Expression expression) implements Measure {}
}
