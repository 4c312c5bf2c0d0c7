package dev.tidemark.query;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arithmetic of a formula. Whatever meets an absent number, a division by zero or an overflow is absent itself. */
public sealed interface Expression {

    /** A literal number. */
    record Constant(double value) implements Expression {}

    /** The value of a measure. */
    record Reference(String measure) implements Expression {}

    /** Two numbers made one. */
    record Binary(Sign sign, Expression left, Expression right) implements Expression {}

    /** The arithmetic signs. */
    enum Sign {
        PLUS('+'),
        MINUS('-'),
        TIMES('*'),
        DIVIDED_BY('/');

        private final char symbol;

        Sign(char symbol) {
            this.symbol = symbol;
        }

        public char symbol() {
            return symbol;
        }

        @Nullable
        Double apply(double left, double right) {
            double value = switch (this) {
                case PLUS -> left + right;
                case MINUS -> left - right;
                case TIMES -> left * right;
                case DIVIDED_BY -> left / right;
            };
            return Double.isFinite(value) ? (Double) value : null;
        }
    }

    /** The value, given those of the measures. */
    default @Nullable Double evaluate(Function<String, @Nullable Double> measures) {
        return switch (this) {
            case Constant constant -> (Double) constant.value();
            case Reference reference -> measures.apply(reference.measure());
            case Binary binary -> {
                Double left = binary.left().evaluate(measures);
                Double right = binary.right().evaluate(measures);
                yield left == null || right == null ? null : binary.sign().apply(left, right);
            }
        };
    }

    /** The measures that it mentions. */
    default List<String> references() {
        return switch (this) {
            case Constant _ -> List.of();
            case Reference reference -> List.of(reference.measure());
            case Binary binary ->
                Stream.concat(binary.left().references().stream(), binary.right().references().stream())
                        .distinct()
                        .toList();
        };
    }
}
