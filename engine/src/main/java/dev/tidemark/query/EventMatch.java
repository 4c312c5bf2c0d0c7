package dev.tidemark.query;

import com.google.re2j.Pattern;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Filters upon events in memory; they let through what {@link Conditions} lets through in the store. Not those that name a cohort. */
final class EventMatch {
    private EventMatch() {}

    static Predicate<StoredEvent> of(Scope scope) {
        Set<String> types = Set.copyOf(scope.eventTypes());
        Predicate<StoredEvent> type = types.isEmpty()
                ? _ -> true
                : event -> types.contains(event.event().type());
        return type.and(of(scope.filter()));
    }

    /** Null lets everything through. */
    static Predicate<StoredEvent> of(@Nullable Filter filter) {
        return switch (filter) {
            case null -> _ -> true;
            case Filter.And(List<Filter> filters) -> {
                List<Predicate<StoredEvent>> all = all(filters);
                yield event -> all.stream().allMatch(each -> each.test(event));
            }
            case Filter.Or(List<Filter> filters) -> {
                List<Predicate<StoredEvent>> all = all(filters);
                yield event -> all.stream().anyMatch(each -> each.test(event));
            }
            case Filter.Not(Filter inner) -> of(inner).negate();
            case Filter.InCohort _ ->
                throw new TidemarkException(ErrorCode.INTERNAL, "an event alone does not tell who is in a cohort");
            case Filter.Test test -> {
                Predicate<@Nullable Scalar> condition = condition(test);
                yield event -> condition.test(EventValue.of(test.property(), event));
            }
        };
    }

    private static List<Predicate<StoredEvent>> all(List<Filter> filters) {
        return filters.stream().map(EventMatch::of).toList();
    }

    private static Predicate<@Nullable Scalar> condition(Filter.Test test) {
        List<Scalar> values = test.values();
        return switch (test.operator()) {
            case EQ, IN -> among(values);
            case NEQ, NOT_IN -> among(values).negate();
            case CONTAINS -> contains(values);
            case NOT_CONTAINS -> contains(values).negate();
            case STARTS_WITH -> text(of(values)::isStartOf);
            case MATCHES -> {
                Pattern pattern = Pattern.compile(of(values).text, Pattern.DOTALL);
                yield text(actual -> pattern.matcher(actual).find());
            }
            case GT -> ordered(values.getFirst(), order -> order > 0);
            case GTE -> ordered(values.getFirst(), order -> order >= 0);
            case LT -> ordered(values.getFirst(), order -> order < 0);
            case LTE -> ordered(values.getFirst(), order -> order <= 0);
            case BETWEEN ->
                ordered(values.getFirst(), order -> order >= 0).and(ordered(values.getLast(), order -> order <= 0));
            case IS_SET -> actual -> actual != null;
            case IS_NOT_SET -> actual -> actual == null;
        };
    }

    private static Predicate<@Nullable Scalar> among(List<Scalar> values) {
        List<Scalar> wanted = values.stream()
                .map(value -> value instanceof Scalar.Numeric(double number)
                        ? (Scalar) new Scalar.Numeric(number + 0.0)
                        : value)
                .toList();
        return actual -> actual != null && wanted.contains(actual);
    }

    private static Predicate<@Nullable Scalar> contains(List<Scalar> values) {
        String part = of(values).text;
        return text(actual -> actual.contains(part));
    }

    private static Predicate<@Nullable Scalar> text(Predicate<String> condition) {
        return actual -> actual instanceof Scalar.Text(String text) && condition.test(text);
    }

    private record Operand(String text) {
        boolean isStartOf(String actual) {
            return actual.startsWith(text);
        }
    }

    /** The value of an operator of text. */
    private static Operand of(List<Scalar> values) {
        return new Operand(values.getFirst() instanceof Scalar.Text(String text) ? text : "");
    }

    /** Texts in the order of their bytes, numbers as numbers; what is of another type than the bound never holds. */
    private static Predicate<@Nullable Scalar> ordered(Scalar bound, IntPredicate holds) {
        return switch (bound) {
            case Scalar.Numeric(double wanted) ->
                actual -> actual instanceof Scalar.Numeric(double number)
                        && holds.test(Double.compare(number, wanted + 0.0));
            case Scalar.Text(String wanted) -> {
                byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
                yield actual -> actual instanceof Scalar.Text(String text)
                        && holds.test(Arrays.compareUnsigned(text.getBytes(StandardCharsets.UTF_8), bytes));
            }
            case Scalar.Flag _ -> _ -> false;
        };
    }
}
