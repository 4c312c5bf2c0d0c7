package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The measures of the events of one bucket and breakdown value, which more events can be added to. Not thread-safe. */
final class FoldCell {
    private final Accumulator[] accumulators;

    private FoldCell(Accumulator[] accumulators) {
        this.accumulators = accumulators;
    }

    /** What one measure that is read from events has counted. */
    sealed interface Accumulator {
        void add(StoredEvent event);

        void addAll(Accumulator other);

        /** Null for no value. */
        @Nullable
        Double value();

        /** Whether the value can be told outside the engine. */
        default boolean isKnown() {
            return true;
        }

        int bytes();
    }

    /**
     * What the measures of one family of a question are read from, with the scope of each as a predicate. Measures of persons in
     * some time are all read from the persons of their scope.
     */
    record Shape(Family family, List<Measure.Counted> measures, List<Predicate<StoredEvent>> scopes) {

        static Shape of(MeasuredQuestion question, Family family) {
            List<Measure.Counted> counted = new ArrayList<>();
            for (Measure measure : question.measures()) {
                if (measure instanceof Measure.Counted each && Family.of(each) == family) {
                    counted.add(
                            family == Family.EVENTS ? each : new Measure.DistinctUsers("users", each.scope(), false));
                }
            }
            List<Measure.Counted> measures = counted.stream().distinct().toList();
            return new Shape(
                    family,
                    measures,
                    measures.stream().map(each -> EventMatch.of(each.scope())).toList());
        }

        /** From which of them a measure of the question is read. */
        int indexOf(Measure.Counted measure) {
            int index = 0;
            while (family == Family.EVENTS
                    ? !measures.get(index).name().equals(measure.name())
                    : !measures.get(index).scope().equals(measure.scope())) {
                index++;
            }
            return index;
        }

        /** Which of the measures look at an event, as bits. */
        long lookers(StoredEvent event) {
            long lookers = 0;
            for (int i = 0; i < scopes.size(); i++) {
                lookers |= scopes.get(i).test(event) ? 1L << i : 0;
            }
            return lookers;
        }
    }

    static FoldCell empty(Shape shape) {
        Accumulator[] accumulators = new Accumulator[shape.measures.size()];
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i] = empty(shape.measures.get(i));
        }
        return new FoldCell(accumulators);
    }

    /** From the columns of {@link FoldSnapshot}. */
    static FoldCell read(Shape shape, Rows rows, int row, int firstColumn) {
        Accumulator[] accumulators = new Accumulator[shape.measures.size()];
        int column = firstColumn;
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i] = read(shape.measures.get(i), rows, row, column);
            column += 2;
        }
        return new FoldCell(accumulators);
    }

    private static Accumulator empty(Measure.Counted measure) {
        return switch (measure) {
            case Measure.EventCount _ -> new Count();
            case Measure.DistinctUsers _ -> new Distinct(FoldCell::person, new DistinctState());
            case Measure.Sessions _ -> new Distinct(FoldCell::session, new DistinctState());
            case Measure.DistinctValues values -> new Distinct(valueOf(values.property()), new DistinctState());
            case Measure.EventsPerUser _ -> new PerUser(0, new DistinctState());
            case Measure.NumericAggregate numeric -> new Numbers(numeric.function(), numeric.property());
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ -> throw notFolded();
        };
    }

    private static Accumulator read(Measure.Counted measure, Rows rows, int row, int column) {
        return switch (measure) {
            case Measure.EventCount _ -> new Count(rows.longAt(row, column));
            case Measure.DistinctUsers _ ->
                new Distinct(FoldCell::person, DistinctState.read(rows.textAt(row, column)));
            case Measure.Sessions _ -> new Distinct(FoldCell::session, DistinctState.read(rows.textAt(row, column)));
            case Measure.DistinctValues values ->
                new Distinct(valueOf(values.property()), DistinctState.read(rows.textAt(row, column)));
            case Measure.EventsPerUser _ ->
                new PerUser(rows.longAt(row, column + 1), DistinctState.read(rows.textAt(row, column)));
            case Measure.NumericAggregate numeric -> {
                Numbers numbers = new Numbers(numeric.function(), numeric.property());
                numbers.count = rows.longAt(row, column + 1);
                Double value = rows.doubleAt(row, column);
                if (numbers.count > 0 && value != null) {
                    numbers.set(value);
                }
                yield numbers;
            }
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ -> throw notFolded();
        };
    }

    private static TidemarkException notFolded() {
        return new TidemarkException(ErrorCode.INTERNAL, "a fold of a measure that it is not for");
    }

    void add(StoredEvent event, long lookers) {
        for (int i = 0; i < accumulators.length; i++) {
            if ((lookers & 1L << i) != 0) {
                accumulators[i].add(event);
            }
        }
    }

    void addAll(FoldCell other) {
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].addAll(other.accumulators[i]);
        }
    }

    /** The value of one of the measures of its shape. */
    @Nullable
    Double value(int measure) {
        return accumulators[measure].value();
    }

    /** Whether that value can be told outside the engine. */
    boolean isKnown(int measure) {
        return accumulators[measure].isKnown();
    }

    int bytes() {
        int bytes = 32;
        for (Accumulator each : accumulators) {
            bytes += each.bytes();
        }
        return bytes;
    }

    @FunctionalInterface
    private interface Identity {
        void add(StoredEvent event, DistinctState to);
    }

    private static void person(StoredEvent event, DistinctState to) {
        if (event.person() != 0) {
            to.add(event.person());
        }
    }

    private static void session(StoredEvent event, DistinctState to) {
        String session = event.event().sessionId();
        if (session != null && !session.isEmpty()) {
            to.add(session);
        }
    }

    private static Identity valueOf(Property property) {
        return (event, to) -> {
            Scalar value = EventValue.of(property, event);
            if (value != null) {
                to.add(EventValue.text(value));
            }
        };
    }

    private static final class Count implements Accumulator {
        private long count;

        Count() {}

        Count(long count) {
            this.count = count;
        }

        @Override
        public void add(StoredEvent event) {
            count++;
        }

        @Override
        public void addAll(Accumulator other) {
            count += ((Count) other).count;
        }

        @Override
        public Double value() {
            return (double) count;
        }

        @Override
        public int bytes() {
            return 24;
        }
    }

    private static final class Distinct implements Accumulator {
        private final Identity identity;
        private final DistinctState state;

        Distinct(Identity identity, DistinctState state) {
            this.identity = identity;
            this.state = state;
        }

        @Override
        public void add(StoredEvent event) {
            identity.add(event, state);
        }

        @Override
        public void addAll(Accumulator other) {
            state.addAll(((Distinct) other).state);
        }

        @Override
        public Double value() {
            return (double) state.count().orElse(0);
        }

        @Override
        public boolean isKnown() {
            return state.count().isPresent();
        }

        @Override
        public int bytes() {
            return 24 + state.bytes();
        }
    }

    private static final class PerUser implements Accumulator {
        private long events;
        private final DistinctState persons;

        PerUser(long events, DistinctState persons) {
            this.events = events;
            this.persons = persons;
        }

        @Override
        public void add(StoredEvent event) {
            if (event.person() != 0) {
                events++;
                persons.add(event.person());
            }
        }

        @Override
        public void addAll(Accumulator other) {
            events += ((PerUser) other).events;
            persons.addAll(((PerUser) other).persons);
        }

        @Override
        public @Nullable Double value() {
            long count = persons.count().orElse(0);
            return count == 0 ? null : (Double) (events / (double) count);
        }

        @Override
        public boolean isKnown() {
            return persons.count().isPresent();
        }

        @Override
        public int bytes() {
            return 32 + persons.bytes();
        }
    }

    /** Sum, average, least or greatest of the numbers of a property; sums are compensated (Kahan 1965). */
    private static final class Numbers implements Accumulator {
        private final NumericFunction function;
        private final Property property;
        private long count;
        private double value;
        private double compensation;

        Numbers(NumericFunction function, Property property) {
            this.function = function;
            this.property = property;
        }

        void set(double known) {
            value = known;
        }

        @Override
        public void add(StoredEvent event) {
            double number = EventValue.number(property, event);
            if (!Double.isNaN(number)) {
                take(number);
                count++;
            }
        }

        @Override
        public void addAll(Accumulator other) {
            Numbers numbers = (Numbers) other;
            if (numbers.count > 0) {
                take(numbers.value);
                if (isSum()) {
                    take(-numbers.compensation);
                }
                count += numbers.count;
            }
        }

        private void take(double number) {
            if (isSum()) {
                double corrected = number - compensation;
                double sum = value + corrected;
                compensation = sum - value - corrected;
                value = sum;
            } else if (count == 0) {
                value = number;
            } else {
                value = function == NumericFunction.MIN ? Math.min(value, number) : Math.max(value, number);
            }
        }

        private boolean isSum() {
            return function == NumericFunction.SUM || function == NumericFunction.AVG;
        }

        @Override
        public @Nullable Double value() {
            return switch (function) {
                case SUM -> (Double) value;
                case AVG -> count == 0 ? null : (Double) (value / count);
                case MIN, MAX -> count == 0 ? null : (Double) value;
                case MEDIAN, P90, P95, P99 -> null;
            };
        }

        @Override
        public boolean isKnown() {
            return switch (function) {
                case SUM, AVG, MIN, MAX -> true;
                case MEDIAN, P90, P95, P99 -> false;
            };
        }

        @Override
        public int bytes() {
            return 48;
        }
    }
}
