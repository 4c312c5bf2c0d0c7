package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The select that answers a question for measures, or a part of it: one row for each bucket and combination of dimensions. Its
 * columns are the bucket's start {@code b} where there are buckets, the dimensions, and {@code m0}, {@code m1}, ... for the measures
 * that are no formulas. Where measures are of several families, each family's rows are found by themselves and then joined. Not
 * thread-safe.
 */
final class MeasureSelect {
    private static final String BUCKET = "b";

    private final MeasuredQuestion question;
    private final Source source;
    private final Parameters parameters;
    private final TimeRange range;
    private final Horizon horizon;
    private List<Dimension> dimensions = List.of();
    private boolean presentOnly;
    private boolean plainly;
    private boolean beside;
    private @Nullable Buckets buckets;
    private @Nullable String totalLabel;
    private @Nullable List<String> only;

    MeasureSelect(MeasuredQuestion question, Source source, Parameters parameters, TimeRange range, Horizon horizon) {
        this.question = question;
        this.source = source;
        this.parameters = parameters;
        this.range = range;
        this.horizon = horizon;
    }

    MeasureSelect in(Buckets cut) {
        this.buckets = cut;
        return this;
    }

    MeasureSelect by(List<Dimension> grouped) {
        this.dimensions = List.copyOf(grouped);
        return this;
    }

    /** Leaves out what lacks the property of the first dimension. */
    MeasureSelect presentOnly() {
        this.presentOnly = true;
        return this;
    }

    /** Adds rows over all values of the only dimension, in which it has this label; only where there are buckets. */
    MeasureSelect withTotals(String label) {
        this.totalLabel = label;
        return this;
    }

    /** With sessions as {@link SessionRows#from} finds them plainly; only where all measures are of sessions. */
    MeasureSelect plainly() {
        this.plainly = true;
        return this;
    }

    /** So that {@link SessionRows#ids} can be a further column; only with sessions that are found plainly, of one range as a whole. */
    MeasureSelect besideIds() {
        this.beside = true;
        return this;
    }

    /** Only the columns that one measure needs; the rows are those of all measures nevertheless. */
    MeasureSelect only(Measure measure) {
        this.only = measure instanceof Measure.Formula formula
                ? formula.expression().references()
                : List.of(measure.name());
        return this;
    }

    Select.Builder build() {
        List<Family> families = Family.of(question.measures());
        return families.size() == 1 ? grouped(families.getFirst(), "") : joined(families);
    }

    private Select.Builder joined(List<Family> families) {
        List<Integer> columns = columns();
        List<Select> parts =
                families.stream().map(family -> grouped(family, "own_").build()).toList();
        Select.Builder joined = Select.from(Select.unionAll(parts));
        if (buckets != null) {
            joined.column("own_b", BUCKET).groupBy(BUCKET);
        }
        for (Dimension dimension : dimensions) {
            joined.column("own_" + dimension.alias(), dimension.alias()).groupBy(dimension.alias());
        }
        for (int column : columns) {
            String value = "max(own_m" + column + ")";
            boolean zero = question.measures().get(column).isZeroWhenEmpty();
            joined.column(zero ? "ifNull(" + value + ", 0)" : value, "m" + column);
        }
        return joined;
    }

    /** Which measures get columns, by their index. */
    private List<Integer> columns() {
        List<String> needed = only;
        return IntStream.range(0, question.measures().size())
                .filter(i -> question.measures().get(i) instanceof Measure.Counted counted
                        && (needed == null || needed.contains(counted.name())))
                .boxed()
                .toList();
    }

    /** The rows of one family. */
    private Select.Builder grouped(Family family, String prefix) {
        return switch (family) {
            case EVENTS -> {
                MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
                yield aggregated(
                        measures.lookedAt(events(source, range), family),
                        buckets == null ? null : BucketColumn.of(source, buckets.edges(), parameters),
                        this::ofEvent,
                        measures::aggregate,
                        family,
                        prefix);
            }
            case NOW -> {
                TimeRange window = horizon.requiredWindow();
                MeasureColumns measures = new MeasureColumns(question.measures(), Source.EVENTS, parameters);
                yield aggregated(
                        measures.lookedAt(events(Source.EVENTS, window), family),
                        null,
                        this::ofEvent,
                        counted -> measures.activeNow((Measure.ActiveNow) counted, window),
                        family,
                        prefix);
            }
            case TRAILING -> {
                TrailingDays days = horizon.requiredDays();
                MeasureColumns measures = new MeasureColumns(question.measures(), source, parameters);
                if (buckets != null && days.areBuckets(buckets.edges())) {
                    yield aggregated(
                            measures.lookedAt(events(source, days.range()), family),
                            BucketColumn.of(source, buckets.edges(), parameters),
                            this::ofEvent,
                            counted -> measures.personsOf((Measure.Trailing) counted),
                            family,
                            prefix);
                }
                TrailingRows rows = new TrailingRows(question.measures(), days, source, parameters);
                yield aggregated(
                        rows.from(measures.lookedAt(events(source, days.range()), family), dimensions, starts(days)),
                        buckets == null ? null : BucketColumn.of(TrailingRows.bucket()),
                        TrailingRows::column,
                        counted -> rows.aggregate((Measure.Trailing) counted),
                        family,
                        prefix);
            }
            case SESSIONS -> {
                List<Property> properties =
                        dimensions.stream().map(Dimension::property).distinct().toList();
                SessionRows rows = new SessionRows(question.measures(), range, parameters, beside);
                Select.Builder sessions = rows.from(
                        conditioned(Source.EVENTS.select(parameters, range.widened(SessionLimits.LONGEST))),
                        properties,
                        plainly);
                if (presentOnly) {
                    sessions.where(SessionRows.columns(0).present());
                }
                yield aggregated(
                        sessions,
                        buckets == null ? null : BucketColumn.of("begin", buckets.edges(), parameters),
                        dimension ->
                                dimension.value().apply(SessionRows.columns(properties.indexOf(dimension.property()))),
                        counted -> rows.aggregate((Measure.OfSessions) counted),
                        family,
                        prefix);
            }
        };
    }

    private Select.Builder aggregated(
            Select.Builder rows,
            @Nullable BucketColumn bucket,
            Function<Dimension, String> value,
            Function<Measure.Counted, String> aggregate,
            Family family,
            String prefix) {
        if (totalLabel == null) {
            if (bucket != null) {
                bucket.groups(rows, prefix + BUCKET);
            }
            for (Dimension dimension : dimensions) {
                rows.column(value.apply(dimension), prefix + dimension.alias()).groupBy(prefix + dimension.alias());
            }
        } else {
            Dimension split = dimensions.getFirst();
            if (bucket != null) {
                rows.column(bucket.start(), prefix + BUCKET);
            }
            rows.column(
                            "if(grouping(slot) = 1, " + totalLabel + ", " + value.apply(split) + " AS slot)",
                            prefix + split.alias())
                    .groupBy("GROUPING SETS ((" + prefix + BUCKET + ", slot), (" + prefix + BUCKET + "))");
        }
        for (int column : columns()) {
            if (question.measures().get(column) instanceof Measure.Counted counted) {
                if (prefix.isEmpty()) {
                    rows.column(aggregate.apply(counted), "m" + column);
                } else {
                    String number = Family.of(counted) == family ? aggregate.apply(counted) : "NULL";
                    rows.column("CAST(" + number + ", 'Nullable(Float64)')", prefix + "m" + column);
                }
            }
        }
        return rows;
    }

    private String ofEvent(Dimension dimension) {
        return dimension.value().apply(PropertyColumns.of(dimension.property(), parameters));
    }

    private Select.Builder events(Source from, TimeRange looked) {
        Select.Builder select = conditioned(from.select(parameters, looked));
        return presentOnly
                ? select.where(PropertyColumns.of(dimensions.getFirst().property(), parameters)
                        .present())
                : select;
    }

    private Select.Builder conditioned(Select.Builder select) {
        return new Conditions(parameters).limited(select, question.filter());
    }

    /** Where the buckets start in which trailing measures stand. */
    private List<Long> starts(TrailingDays days) {
        List<Long> starts = new ArrayList<>();
        for (int i = 0; i < days.stands().size(); i++) {
            if (days.stands().get(i) != null) {
                starts.add(buckets == null ? 0L : buckets.edges().get(i));
            }
        }
        return starts;
    }
}
