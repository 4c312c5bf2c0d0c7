package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events count. */
public sealed interface Filter {

    /** All of them hold; at least one is given. */
    record And(List<Filter> filters) implements Filter {
        public And {
            filters = List.copyOf(filters);
            requireSome(filters, "and");
        }
    }

    /** One of them holds; at least one is given. */
    record Or(List<Filter> filters) implements Filter {
        public Or {
            filters = List.copyOf(filters);
            requireSome(filters, "or");
        }
    }

    /** The other does not hold. */
    record Not(Filter filter) implements Filter {}

    /** A property compared with a value, a list of values, the two ends of a range, or nothing, as its operator demands. */
    record Test(Property property, Operator operator, List<Scalar> values) implements Filter {
        public Test {
            values = List.copyOf(values);
            boolean right = operator.takesNothing()
                    ? values.isEmpty()
                    : operator.takesList()
                            ? !values.isEmpty()
                            : values.size() == (operator == Operator.BETWEEN ? 2 : 1);
            if (!right) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, operator.wireName() + " has the wrong number of values", "value");
            }
            if (operator.isOfText() && !(values.getFirst() instanceof Scalar.Text)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, operator.wireName() + " compares with text", "value");
            }
            if (operator.isOfOrder() && values.stream().anyMatch(Scalar.Flag.class::isInstance)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, operator.wireName() + " compares numbers or texts", "value");
            }
            if (operator == Operator.BETWEEN
                    && values.getFirst().getClass() != values.getLast().getClass()) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, "both ends must be numbers, or both texts", "value");
            }
        }

        /** The test that fails where this one, which also holds where the property is absent, passes; null for others. */
        @Nullable
        Test complement() {
            Operator opposite = operator.opposite();
            return opposite == null ? null : new Test(property, opposite, values);
        }
    }

    /** The event's person is a member of a cohort. */
    record InCohort(Cohort cohort) implements Filter {}

    /** All cohorts that it names itself. */
    default List<Cohort> cohorts() {
        return switch (this) {
            case And and ->
                and.filters().stream().flatMap(each -> each.cohorts().stream()).toList();
            case Or or ->
                or.filters().stream().flatMap(each -> each.cohorts().stream()).toList();
            case Not not -> not.filter().cohorts();
            case Test _ -> List.of();
            case InCohort in -> List.of(in.cohort());
        };
    }

    /** Whether it looks at the event's type and nothing else, so that a rollup can answer it. */
    default boolean isOfEventTypeOnly() {
        return switch (this) {
            case And and -> and.filters().stream().allMatch(Filter::isOfEventTypeOnly);
            case Or or -> or.filters().stream().allMatch(Filter::isOfEventTypeOnly);
            case Not not -> not.filter().isOfEventTypeOnly();
            case Test test -> test.property() instanceof Property.EventType;
            case InCohort _ -> false;
        };
    }

    /** Whether it can be said of an event alone, whatever other events there are. */
    default boolean isOfOneEvent() {
        return switch (this) {
            case And and -> and.filters().stream().allMatch(Filter::isOfOneEvent);
            case Or or -> or.filters().stream().allMatch(Filter::isOfOneEvent);
            case Not not -> not.filter().isOfOneEvent();
            case Test _ -> true;
            case InCohort _ -> false;
        };
    }

    private static void requireSome(List<Filter> filters, String word) {
        if (filters.isEmpty()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "needs at least one filter", word);
        }
    }
}
