package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The number of the period that a time is in, as SQL that costs little for each row. Periods of a zone with daylight saving are
 * equally long but for a few; they are numbered by one division after the time was moved by what those few are longer or shorter.
 */
final class PeriodIndex {
    private static final int FEW_SHIFTS = 6;
    private static final int FEW_PERIODS = 40;

    private final List<Long> edges;
    private final Parameters parameters;
    private final long width;
    private final List<Shift> shifts = new ArrayList<>();

    /** From a moment on, times are so much later than equally long periods would have it. */
    private record Shift(long from, long millis) {}

    /**
     * Of periods that follow each other.
     *
     * @param edges Unix milliseconds, ascending: where each begins, and where the last one ends
     */
    PeriodIndex(List<Long> edges, Parameters parameters) {
        this.edges = List.copyOf(edges);
        this.parameters = parameters;
        this.width = usualWidth();
        for (int i = 0; i < edges.size() - 1; i++) {
            long more = edges.get(i + 1) - edges.get(i) - width;
            if (more != 0) {
                shifts.add(new Shift(edges.get(i + 1) - Math.max(more, 0), more));
            }
        }
    }

    private long usualWidth() {
        return LongStream.range(0, edges.size() - 1)
                .map(i -> edges.get((int) i + 1) - edges.get((int) i))
                .boxed()
                .collect(Collectors.groupingBy(each -> each, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<Long, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
    }

    /**
     * A whole number for a time, an SQL expression.
     *
     * @param time Unix milliseconds within the periods, an SQL expression
     */
    String of(String time) {
        if (shifts.size() <= FEW_SHIFTS && shifts.stream().allMatch(shift -> shift.millis <= width)) {
            return "intDiv(" + time + " - " + shifted(time) + ", " + parameters.integer(width) + ")";
        }
        List<Long> later = edges.subList(1, edges.size() - 1);
        if (later.size() < FEW_PERIODS) {
            return later.stream()
                    .map(edge -> "toInt64(" + time + " >= " + parameters.integer(edge) + ")")
                    .collect(Collectors.joining(" + ", "(", ")"));
        }
        String starts = parameters.integers(edges.subList(0, edges.size() - 1));
        String numbers = parameters.integers(
                LongStream.range(0, edges.size() - 1L).boxed().toList());
        return "transform(roundDown(" + time + ", " + starts + "), " + starts + ", " + numbers + ", toInt64(0))";
    }

    /** The same for any time; those beyond either end are in the first and the last period. */
    String clamped(String time) {
        return "greatest(toInt64(0), least(" + of(time) + ", toInt64(" + (edges.size() - 2) + ")))";
    }

    private String shifted(String time) {
        StringBuilder text = new StringBuilder(parameters.integer(edges.getFirst()));
        for (Shift shift : shifts) {
            text.append(" - (")
                    .append(time)
                    .append(" >= ")
                    .append(parameters.integer(shift.from))
                    .append(") * ")
                    .append(parameters.integer(shift.millis));
        }
        return text.toString();
    }
}
