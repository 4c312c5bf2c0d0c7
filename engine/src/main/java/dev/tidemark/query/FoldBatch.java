package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions whose filters differ in nothing but the values that they pin properties to, so that one statement asks for all: its rows
 * say of which values they are, and so whose they are. A single question is a batch too, of which no row need say anything.
 */
final class FoldBatch {
    private final @Nullable Filter filter;
    private final List<Property> varied = new ArrayList<>();
    private final List<Scalar> samples = new ArrayList<>();
    private final Map<List<Scalar>, List<Integer>> members = new HashMap<>();
    private final int size;

    /** @param questions at least one */
    FoldBatch(List<? extends Question> questions) {
        this.size = questions.size();
        List<Map<Property, Scalar>> pins =
                questions.stream().map(question -> Pins.of(question.filter())).toList();
        Map<Property, List<Scalar>> wanted = new LinkedHashMap<>();
        pins.getFirst().forEach((property, sample) -> {
            List<Scalar> values =
                    pins.stream().map(each -> each.get(property)).distinct().toList();
            if (values.size() > 1) {
                varied.add(property);
                samples.add(sample);
                wanted.put(property, values);
            }
        });
        for (int member = 0; member < size; member++) {
            List<Scalar> key = varied.stream().map(pins.get(member)::get).toList();
            members.computeIfAbsent(key, _ -> new ArrayList<>()).add(member);
        }
        Filter first = questions.getFirst().filter();
        this.filter = first == null ? null : Pins.widened(first, pins.getFirst(), wanted);
    }

    int size() {
        return size;
    }

    /** Limits a select of events to those of all members and adds a column for each property whose value says of which. */
    Select.Builder limit(Select.Builder select, Parameters parameters) {
        Conditions conditions = new Conditions(parameters);
        for (int i = 0; i < varied.size(); i++) {
            select.column(conditions.value(varied.get(i), samples.get(i)), "v" + i);
        }
        return conditions.limited(select, filter);
    }

    /** The same where rows are of groups of events. */
    Select.Builder limitGroups(Select.Builder select, Parameters parameters) {
        limit(select, parameters);
        for (int i = 0; i < varied.size(); i++) {
            select.groupBy("v" + i);
        }
        return select;
    }

    /**
     * Whose a row is, in the order of the questions.
     *
     * @param firstColumn of those that were added
     */
    List<Integer> membersOf(Rows rows, int row, int firstColumn) {
        List<Scalar> key = new ArrayList<>(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            key.add(value(samples.get(i), rows, row, firstColumn + i));
        }
        return members.getOrDefault(key, List.of());
    }

    private static Scalar value(Scalar sample, Rows rows, int row, int column) {
        return switch (sample) {
            case Scalar.Text _ -> new Scalar.Text(rows.textAt(row, column));
            case Scalar.Numeric _ -> {
                Double number = rows.doubleAt(row, column);
                yield new Scalar.Numeric(number == null ? Double.NaN : number);
            }
            case Scalar.Flag _ -> new Scalar.Flag(Boolean.TRUE.equals(rows.value(row, column)));
        };
    }
}
