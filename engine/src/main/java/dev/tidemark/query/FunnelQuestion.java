package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far people get through a list of steps, and how long it takes them. The rules are in docs/adr/0011.
 *
 * @param range in which people enter; later steps may lie up to the window after it
 * @param window measured from the first step, inclusive
 * @param exclusions what ends an attempt
 * @param overTime the buckets of the funnel over time, of the same range; null for none
 * @param partialFrom the first of those whose window has not passed yet; 0 without any
 */
public record FunnelQuestion(
        List<Step> steps,
        @Nullable Filter filter,
        TimeRange range,
        ZoneId zone,
        Duration window,
        Order order,
        Entry entry,
        Counting counting,
        List<Exclusion> exclusions,
        @Nullable Split split,
        @Nullable Buckets overTime,
        int partialFrom)
        implements Question {
    static final int MIN_STEPS = 2;
    static final int MAX_STEPS = 20;
    static final int MAX_EXCLUSIONS = 10;
    static final Duration DEFAULT_WINDOW = Duration.ofDays(7);
    static final Duration MAX_WINDOW = Duration.ofDays(366);
    static final int MAX_NAME = 200;

    public FunnelQuestion {
        steps = List.copyOf(steps);
        exclusions = List.copyOf(exclusions);
        if (steps.size() < MIN_STEPS || steps.size() > MAX_STEPS) {
            throw invalid("steps", "a funnel has " + MIN_STEPS + " to " + MAX_STEPS + " steps");
        }
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(MAX_WINDOW) > 0) {
            throw invalid("window", "must be between 1s and " + MAX_WINDOW.toDays() + "d");
        }
        if (exclusions.size() > MAX_EXCLUSIONS) {
            throw invalid("exclusions", "a funnel can have at most " + MAX_EXCLUSIONS + " exclusions");
        }
        for (int i = 0; i < exclusions.size(); i++) {
            Exclusion exclusion = exclusions.get(i);
            if (exclusion.from() < 1 || exclusion.from() >= exclusion.to() || exclusion.to() > steps.size()) {
                throw invalid(
                        "exclusions[" + i + "]",
                        "must lead from a step to a later one, both between 1 and " + steps.size());
            }
        }
        if (split != null && split.at() instanceof Split.At.Step(int number) && (number < 1 || number > steps.size())) {
            throw invalid("breakdown.step", "must be first, last or a step between 1 and " + steps.size());
        }
    }

    private static TidemarkException invalid(String field, String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }

    /** Which events serve a step. */
    public record Step(Scope scope, String name) {}

    /** Events that end an attempt between two steps, which are counted from 1. */
    public record Exclusion(Scope scope, int from, int to) {}

    /** In which order the steps are to be done. */
    public enum Order {
        ORDERED,
        /** And nothing else in between. */
        STRICT,
        ANY
    }

    /** Which of the first-step events begin an attempt. */
    public enum Entry {
        ANY_ENTRY,
        FIRST_ENTRY
    }

    /** What is counted. */
    public enum Counting {
        USERS,
        SESSIONS,
        /** Attempts, one after another. */
        TOTALS
    }

    /** By what a funnel is split, and whose event's property that is. */
    public record Split(Breakdown breakdown, At at) {
        /** The step whose event is looked at. */
        sealed interface At {
            /** One step, from 1. */
            record Step(int number) implements At {}

            /** The last step that the attempt reached. */
            record Last() implements At {}
        }
    }

    /** Whether no event can serve two of the steps, whatever its properties are. */
    boolean hasDisjointSteps() {
        for (int i = 0; i < steps.size(); i++) {
            List<String> types = steps.get(i).scope().eventTypes();
            boolean apart = !types.isEmpty()
                    && steps.subList(i + 1, steps.size()).stream()
                            .noneMatch(other -> other.scope().eventTypes().isEmpty()
                                    || other.scope().eventTypes().stream().anyMatch(types::contains));
            if (!apart && i < steps.size() - 1) {
                return false;
            }
        }
        return true;
    }

    boolean inAnyOrder() {
        return order == Order.ANY;
    }

    @Override
    public TimeRange touchedRange() {
        return TimeRange.ofMillis(
                range.startMillis(),
                Math.min(range.endMillis() + window.toMillis(), Math.max(TimeRange.LAST_MILLIS, range.endMillis())));
    }

    @Override
    public List<Scope> scopes() {
        return Stream.concat(
                        steps.stream().map(Step::scope), exclusions.stream().map(Exclusion::scope))
                .toList();
    }

    @Override
    public String type() {
        return "funnel";
    }
}
