package dev.tidemark.query;

import java.util.List;

/** A question for measures of the events of a range. */
public sealed interface MeasuredQuestion extends Question permits TrendQuestion, MetricQuestion, TableQuestion {
    List<Measure> measures();

    @Override
    default List<Scope> scopes() {
        return Measures.scopes(measures());
    }
}
