package dev.tidemark.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One number of an answer about paths. Each walk that is counted there has one event that stands for it. */
sealed interface WalkSpot {
    /** Which event of a walk stands for it, the anchor being the first. */
    int place();

    /**
     * What holds of the names of a walk that is counted, as SQL.
     *
     * @param names the array of their numbers, the anchor's first
     * @param shown the names that the answer shows at a place, the anchor's being 0
     */
    List<String> conditions(String names, ValueIds values, IntFunction<List<String>> shown);

    /**
     * Walks to the event before a step and on: those that went on to one event, those that ended, or all of them.
     *
     * @param step counted from 1 away from the anchor
     * @param from what the event before is called; null for anything
     * @param to what the event at the step is called; null where it does not matter whether there is any
     * @param ended whether there must be none
     */
    record Step(
            int step,
            @Nullable BreakdownValue from,
            @Nullable BreakdownValue to,
            boolean ended) implements WalkSpot {
        @Override
        public int place() {
            return to == null ? step : step + 1;
        }

        @Override
        public List<String> conditions(String names, ValueIds values, IntFunction<List<String>> shown) {
            List<String> conditions = new ArrayList<>();
            conditions.add("length(" + names + ") " + (ended ? "= " : ">= ") + place());
            if (from != null) {
                conditions.add(is(from, step - 1, names, values, shown));
            }
            if (to != null) {
                conditions.add(is(to, step, names, values, shown));
            }
            return conditions;
        }

        private static String is(
                BreakdownValue name, int place, String names, ValueIds values, IntFunction<List<String>> shown) {
            return values.is(
                    names + "[" + (place + 1) + "]",
                    name,
                    name instanceof BreakdownValue.Other ? shown.apply(place) : List.of());
        }
    }

    /**
     * Walks that went all of a way.
     *
     * @param events as many as a path has, nearest to the anchor first
     */
    record Whole(List<BreakdownValue> events) implements WalkSpot {
        public Whole {
            events = List.copyOf(events);
        }

        @Override
        public int place() {
            return events.size() + 1;
        }

        @Override
        public List<String> conditions(String names, ValueIds values, IntFunction<List<String>> shown) {
            List<Integer> way = events.stream().map(values::idOf).toList();
            if (way.contains(-1)) {
                return List.of("false");
            }
            String numbers = way.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return List.of("length(" + names + ") = " + place(), "arraySlice(" + names + ", 2) = [" + numbers + "]");
        }
    }
}
