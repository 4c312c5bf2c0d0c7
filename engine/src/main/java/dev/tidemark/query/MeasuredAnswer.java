package dev.tidemark.query;

/** The answer to a {@link MeasuredQuestion}. */
public sealed interface MeasuredAnswer extends Answer permits TrendAnswer, MetricAnswer, TableAnswer {}
