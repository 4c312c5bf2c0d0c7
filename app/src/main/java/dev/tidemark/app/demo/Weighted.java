package dev.tidemark.app.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/** A choice among values, each as often as its weight says. Immutable. */
record Weighted<T>(List<Choice<T>> choices) {
    Weighted {
        choices = List.copyOf(choices);
    }

    @SafeVarargs
    static <T> Weighted<T> of(Choice<T>... choices) {
        return new Weighted<>(List.of(choices));
    }

    static <T> Choice<T> weigh(double weight, T value) {
        return new Choice<>(weight, value);
    }

    T pick(RandomGenerator random) {
        double total = 0;
        for (Choice<T> choice : choices) {
            total += choice.weight();
        }
        double at = random.nextDouble() * total;
        for (Choice<T> choice : choices) {
            at -= choice.weight();
            if (at < 0) {
                return choice.value();
            }
        }
        return choices.getLast().value();
    }

    /** One value with its weight. */
    record Choice<T>(double weight, T value) {}
}
