package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds for the measures of any question: 1 to 10 of them, names of their own, formulas that name what there is. */
final class Measures {
    static final int MAX = 10;

    private Measures() {}

    /** A copy of the measures of a question; fails when they don't go together. */
    static List<Measure> checked(List<Measure> measures) {
        if (measures.isEmpty() || measures.size() > MAX) {
            throw invalid("measures", "there must be 1 to " + MAX + " measures");
        }
        Set<String> counted = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < measures.size(); i++) {
            Measure measure = measures.get(i);
            if (!names.add(measure.name())) {
                throw invalid("measures[" + i + "].name", "another measure is named '" + measure.name() + "' too");
            }
            if (measure instanceof Measure.Counted) {
                counted.add(measure.name());
            }
        }
        if (counted.isEmpty()) {
            throw invalid("measures", "one measure at least must not be a formula");
        }
        for (int i = 0; i < measures.size(); i++) {
            if (measures.get(i) instanceof Measure.Formula formula) {
                for (String reference : formula.expression().references()) {
                    if (!counted.contains(reference)) {
                        throw invalid(
                                "measures[" + i + "].formula",
                                names.contains(reference)
                                        ? "'" + reference + "' is a formula itself; name what it is made of"
                                        : "no measure is named '" + reference + "'");
                    }
                }
            }
        }
        return List.copyOf(measures);
    }

    /** Fails where a measure is of a kind that a question cannot have. */
    static void refuse(List<Measure> measures, Class<? extends Measure> kind, String reason) {
        for (int i = 0; i < measures.size(); i++) {
            if (kind.isInstance(measures.get(i))) {
                throw invalid(
                        "measures[" + i + "].measure", "'" + measures.get(i).name() + "' " + reason);
            }
        }
    }

    /** To what they are limited. */
    static List<Scope> scopes(List<Measure> measures) {
        List<Scope> scopes = new ArrayList<>();
        for (Measure measure : measures) {
            if (measure instanceof Measure.Counted counted) {
                scopes.add(counted.scope());
            }
        }
        return scopes;
    }

    private static TidemarkException invalid(String field, String message) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
