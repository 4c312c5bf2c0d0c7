package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.TidemarkException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormulaParserTest {
    private static final Map<String, Double> VALUES = Map.of("a", 12.0, "b", 4.0, "zero", 0.0, "page views", 7.0);

    @ParameterizedTest
    @CsvSource({
        "a / b, 3",
        "a - b - 1, 7",
        "a / b / 2, 1.5",
        "a + b * 2, 20",
        "(a + b) * 2, 32",
        "-a + b, -8",
        "a * -2, -24",
        "`page views` / 2, 3.5",
        ".5 * b, 2",
        "100*a/b, 300",
    })
    void computesAsOneWritesIt(String formula, double expected) {
        assertThat(FormulaParser.parse(formula, "formula").evaluate(VALUES::get))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a / zero", "zero / zero", "missing + 1", "a / (b - b)", "1 + a / zero"})
    void isAbsentWhereSomethingIs(String formula) {
        assertThat(FormulaParser.parse(formula, "formula").evaluate(VALUES::get))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a +", "a b", "(a", "a)", "1..2", "`a", "a % b", "a ** b", "()", "a; DROP TABLE x"})
    void refusesWhatIsNoFormula(String formula) {
        assertThatThrownBy(() -> FormulaParser.parse(formula, "here"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("here"));
    }

    @Test
    void refusesDeepNestingInsteadOfOverflowing() {
        assertThatThrownBy(() -> FormulaParser.parse("(".repeat(200) + "a" + ")".repeat(200), "here"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("nested");
    }
}
