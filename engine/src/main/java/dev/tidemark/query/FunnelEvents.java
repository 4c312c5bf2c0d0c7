package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The events that a funnel looks at, in SQL: one row for each person (or session) with its events as a sorted array of 64-bit
 * words. A word is, from high to low, 42 bits of Unix milliseconds, one bit that tells steps (1) from exclusions (0), and 20 bits
 * that say which steps the event can serve, or which exclusions it is of; an event that is both has two words. So exclusions stand
 * before the steps of the same millisecond, and steps that one event each serves stand in their order.
 */
final class FunnelEvents {
    static final int TIME_SHIFT = 21;
    static final long STEP_KIND = 1L << 20;
    static final int KIND_BIT = 20;
    private static final long ABSENT_KIND = 1L << KIND_BIT;
    /** The exclusion bit of the other events that strict order does not allow. */
    static final int STRICT_BIT = 19;
    /** How many columns {@link #each} has before those of a batch. */
    static final int COLUMNS = 5;

    private final FunnelQuestion question;
    private final Parameters parameters;
    private final Conditions conditions;

    FunnelEvents(FunnelQuestion question, Parameters parameters) {
        this.question = question;
        this.parameters = parameters;
        this.conditions = new Conditions(parameters);
    }

    /** The parts that a use needs beside {@code unit} and {@code words}. */
    enum Part {
        /**
         * {@code marks} and {@code texts} of each event that can decide on the breakdown: a word whose kind says that it lacks the
         * property, and the property's text.
         */
        VALUES,
        /** {@code who}: the person of the unit, 0 for none; of a session that of its latest event with a person. */
        PERSON
    }

    /** Units that have an event which can begin an attempt. */
    Select byUnit(List<Part> parts) {
        boolean sessions = question.counting() == FunnelQuestion.Counting.SESSIONS;
        Select.Builder scan = scan().column(unit(question), "unit")
                .column(Source.EVENTS.millis(), "ms")
                .column(stepMask(), "m");
        boolean excluding = hasExclusions(question);
        if (excluding) {
            scan.column(exclusionMask(), "x");
        }
        FunnelQuestion.Split split = question.split();
        if (parts.contains(Part.VALUES) && split != null) {
            PropertyColumns property = PropertyColumns.of(split.breakdown().property(), parameters);
            scan.column("NOT (" + property.present() + ")", "absent")
                    .column("if(" + property.present() + ", " + property.text() + ", '')", "text");
        }
        if (parts.contains(Part.PERSON) && sessions) {
            scan.column("person", "someone");
        }

        String steps = "groupArrayIf(bitShiftLeft(ms, " + TIME_SHIFT + ") + " + STEP_KIND + " + m, m != 0)";
        String exclusions = "groupArrayIf(bitShiftLeft(ms, " + TIME_SHIFT + ") + x, x != 0)";
        Select.Builder grouped = Select.from(scan.build())
                .column("unit", "unit")
                .column(
                        "arraySort(" + (excluding ? "arrayConcat(" + steps + ", " + exclusions + ")" : steps) + ")",
                        "words")
                .groupBy("unit")
                .having("countIf(" + begins("m") + " AND ms < "
                        + parameters.integer(question.range().endMillis()) + ") > 0");
        if (parts.contains(Part.VALUES) && split != null) {
            grouped.column(
                            "groupArrayIf(bitShiftLeft(ms, " + TIME_SHIFT + ") + if(absent, " + ABSENT_KIND
                                    + ", 0) + m, " + decides(split) + ")",
                            "marks")
                    .column("groupArrayIf(text, " + decides(split) + ")", "texts");
        }
        if (parts.contains(Part.PERSON)) {
            grouped.column(sessions ? "tupleElement(maxIf((ms, someone), someone != 0), 2)" : "unit", "who");
        }
        return grouped.build();
    }

    /**
     * A row for each event that can matter before an offset of the journal: {@code unit}, {@code ms}, the bits {@code m} of steps and
     * {@code x} of exclusions, and the {@code text} of the breakdown, null where absent; then the columns of a batch.
     */
    Select each(FoldBatch batch, TimeRange range, long beforeOffset, int mostRows) {
        FunnelQuestion.Split split = question.split();
        String steps = stepMask();
        String exclusions = mask(question.exclusions().stream()
                .map(FunnelQuestion.Exclusion::scope)
                .toList());
        Select.Builder scan = unfiltered(range)
                .within("journal_offset < " + parameters.integer(beforeOffset))
                .column(unit(question), "unit")
                .column(Source.EVENTS.millis(), "ms")
                .column(steps, "m")
                .column(exclusions, "x")
                .column(
                        split == null
                                ? "NULL"
                                : PropertyColumns.of(split.breakdown().property(), parameters)
                                        .orNull(),
                        "text");
        if (question.order() != FunnelQuestion.Order.STRICT) {
            scan.where("m != 0 OR x != 0");
        }
        return batch.limit(scan, parameters).limit(mostRows, 0).build();
    }

    /** All events that can matter, of any unit. */
    Select.Builder scan() {
        return conditions.limited(unfiltered(question.touchedRange()), question.filter());
    }

    private Select.Builder unfiltered(TimeRange range) {
        Select.Builder scan = Source.EVENTS.select(parameters, range).within(isUnit(question));
        List<String> types = types();
        if (types != null) {
            scan.within(Conditions.ofTypes(types, parameters));
        }
        return scan;
    }

    static String unit(FunnelQuestion question) {
        return question.counting() == FunnelQuestion.Counting.SESSIONS ? "session_id" : "person";
    }

    static String isUnit(FunnelQuestion question) {
        return question.counting() == FunnelQuestion.Counting.SESSIONS ? "session_id != ''" : "person != 0";
    }

    static boolean hasExclusions(FunnelQuestion question) {
        return question.order() == FunnelQuestion.Order.STRICT
                || !question.exclusions().isEmpty();
    }

    /** A condition on a mask of steps: whether the event can be the first of an attempt. */
    private String begins(String mask) {
        return question.inAnyOrder() ? mask + " != 0" : "bitAnd(" + mask + ", 1) != 0";
    }

    private String decides(FunnelQuestion.Split split) {
        if (question.inAnyOrder()) {
            return "m != 0";
        }
        return switch (split.at()) {
            case FunnelQuestion.Split.At.Step step -> "bitTest(m, " + (step.number() - 1) + ")";
            case FunnelQuestion.Split.At.Last _ -> "m != 0";
        };
    }

    private String stepMask() {
        List<Scope> scopes =
                question.steps().stream().map(FunnelQuestion.Step::scope).toList();
        if (!question.hasDisjointSteps()) {
            return mask(scopes);
        }
        StringBuilder text = new StringBuilder("multiIf(");
        for (int step = 0; step < scopes.size(); step++) {
            text.append(condition(scopes.get(step)))
                    .append(", ")
                    .append(1L << step)
                    .append(", ");
        }
        return "toInt64(" + text.append("0))");
    }

    private String exclusionMask() {
        String mask = mask(question.exclusions().stream()
                .map(FunnelQuestion.Exclusion::scope)
                .toList());
        return question.order() == FunnelQuestion.Order.STRICT ? mask + " + " + (1L << STRICT_BIT) : mask;
    }

    private String mask(List<Scope> scopes) {
        List<String> bits = new ArrayList<>(List.of("toInt64(0)"));
        for (int i = 0; i < scopes.size(); i++) {
            bits.add("if(" + condition(scopes.get(i)) + ", " + (1L << i) + ", 0)");
        }
        return String.join(" + ", bits);
    }

    private String condition(Scope scope) {
        String condition = conditions.of(scope);
        return condition == null ? "true" : condition;
    }

    /** All types that are looked at; null where it can be any. */
    private @Nullable List<String> types() {
        TreeSet<String> types = new TreeSet<>();
        List<Scope> scopes = new ArrayList<>();
        question.steps().forEach(step -> scopes.add(step.scope()));
        question.exclusions().forEach(exclusion -> scopes.add(exclusion.scope()));
        for (Scope scope : scopes) {
            if (scope.eventTypes().isEmpty()) {
                return null;
            }
            types.addAll(scope.eventTypes());
        }
        return question.order() == FunnelQuestion.Order.STRICT ? null : List.copyOf(types);
    }
}
