package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a number of an answer was made of. It is named as it stands in the answer:
 *
 * <ul>
 *   <li>of a trend {@code {"measure","time","breakdown"}}, of a metric {@code {"measure"}}; the first measure where none is named;
 *   <li>of a table {@code {"measure","row":[...]}} with the row's breakdowns;
 *   <li>of a funnel {@code {"step","dropped","breakdown"}}, steps from 1;
 *   <li>of a retention {@code {"cohort","period","breakdown"}}, by number from 0; all of the cohort without a period;
 *   <li>of a cohort report {@code {"row","period"}}, by number from 0; all of the row's people without a period;
 *   <li>of a stickiness {@code {"periods"}};
 *   <li>of paths {@code {"path":[...]}} with its events as the answer has them; or {@code {"step","from","to","dropped"}}: those who went
 *       from one event to another, all who came to the one or to the other, or those who ended before the step.
 * </ul>
 */
final class SpotReader {
    private final QueryEngine engine;
    private final TenantId tenant;
    private final Question question;
    private final Instant now;

    SpotReader(QueryEngine engine, TenantId tenant, Question question, Instant now) {
        this.engine = engine;
        this.tenant = tenant;
        this.question = question;
        this.now = now;
    }

    /** Fails with the field of {@code at} that names nothing in the answer. */
    Spot read(JsonNode at) {
        return switch (question) {
            case TrendQuestion trend -> trend(trend, Fields.of(at, "at", List.of("measure", "time", "breakdown")));
            case MetricQuestion metric -> metric(metric, Fields.of(at, "at", List.of("measure")));
            case TableQuestion table -> table(table, Fields.of(at, "at", List.of("measure", "row")));
            case FunnelQuestion funnel -> funnel(funnel, Fields.of(at, "at", List.of("step", "dropped", "breakdown")));
            case RetentionQuestion retention ->
                retention(retention, Fields.of(at, "at", List.of("cohort", "period", "breakdown")));
            case StickinessQuestion stickiness -> stickiness(stickiness, Fields.of(at, "at", List.of("periods")));
            case CohortQuestion cohorts -> cohort(cohorts, Fields.of(at, "at", List.of("row", "period")));
            case PathsQuestion paths ->
                new WalkSpotReader(paths).read(Fields.of(at, "at", List.of("path", "step", "from", "to", "dropped")));
        };
    }

    private Spot trend(TrendQuestion trend, Fields at) {
        Buckets buckets = trend.buckets();
        Instant time = time(at.requiredText("time"), at.at("time"));
        int bucket = buckets.edges().indexOf(time.toEpochMilli());
        if (bucket < 0 || bucket >= buckets.size()) {
            throw Fields.invalid(at.at("time"), "is not the beginning of a bucket of this trend");
        }
        TimeRange range = within(buckets.edges().get(bucket), buckets.edges().get(bucket + 1), trend.range());
        Breakdown breakdown = trend.breakdown();
        List<Spot.Group> groups = new ArrayList<>();
        String value = at.text("breakdown").orElse(null);
        if (value != null) {
            if (breakdown == null) {
                throw Fields.invalid(at.at("breakdown"), "is of a breakdown, which this widget does not have");
            }
            groups.add(group(breakdown.property(), value, () -> named(trend)));
        }
        return new Spot(range, trend.filter(), scopes(trend.measures(), at), groups, new Spot.Anybody());
    }

    private Spot metric(MetricQuestion metric, Fields at) {
        Measure measure = measure(metric.measures(), at);
        TimeRange range = metric.range();
        if (measure instanceof Measure.ActiveNow active) {
            range = new TimeRange(now.minusSeconds(60L * active.minutes()), now.plusMillis(1));
            return new Spot(range, metric.filter(), List.of(active.scope()), List.of(), new Spot.Anybody());
        }
        return new Spot(range, metric.filter(), scopes(metric.measures(), at), List.of(), new Spot.Anybody());
    }

    private Spot table(TableQuestion table, Fields at) {
        List<JsonNode> row = at.list("row");
        if (row.size() != table.breakdowns().size()) {
            throw Fields.invalid(at.at("row"), "must have a value for each breakdown of the table");
        }
        List<Spot.Group> groups = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            String value = Fields.text(row.get(i), at.at("row") + "[" + i + "]");
            groups.add(group(table.breakdowns().get(i), value, List::of));
        }
        return new Spot(table.range(), table.filter(), scopes(table.measures(), at), groups, new Spot.Anybody());
    }

    private Spot funnel(FunnelQuestion funnel, Fields at) {
        at.required("step");
        boolean dropped = at.flag("dropped");
        FunnelPeople people = Fields.within(
                "at",
                () -> new FunnelPeople(
                        funnel,
                        at.integer("step", 0),
                        dropped,
                        at.text("breakdown").orElse(null)));
        int last = Math.max(1, dropped ? people.step() - 1 : people.step());
        TimeRange range = new TimeRange(
                funnel.range().start(), earliest(funnel.range().end().plus(funnel.window()), TimeRange.LAST));
        return new Spot(
                range,
                funnel.filter(),
                List.of(funnel.steps().get(last - 1).scope()),
                List.of(),
                new Spot.AtStep(people));
    }

    private Spot retention(RetentionQuestion retention, Fields at) {
        RetentionPeriods periods = retention.periods();
        int cohort = number(at, "cohort", periods.cohorts().size());
        Integer period = at.has("period") ? (Integer) number(at, "period", periods.count()) : null;
        List<Long> edges = periods.cohorts().edges();
        TimeRange range;
        if (period == null) {
            range = within(edges.get(cohort), edges.get(cohort + 1), retention.range());
        } else {
            long from = periods.rolling() ? edges.get(cohort) : periods.edges().get(cohort + period);
            // However late somebody comes back, it is on or after the period.
            Instant until = retention.orAfter()
                    ? TimeRange.LAST
                    : earliest(Instant.ofEpochMilli(periods.endMillis(cohort, period)), TimeRange.LAST);
            range = new TimeRange(
                    latest(Instant.ofEpochMilli(from), retention.range().start()), until);
        }
        return new Spot(
                range,
                retention.filter(),
                List.of(period == null ? retention.start() : retention.returning()),
                List.of(),
                new Spot.InCell(retention, cohort, period, group(retention, at)));
    }

    private Spot.@Nullable Group group(RetentionQuestion retention, Fields at) {
        String value = at.text("breakdown").orElse(null);
        Breakdown breakdown = retention.breakdown();
        if (value == null) {
            return null;
        }
        if (breakdown == null) {
            throw Fields.invalid(at.at("breakdown"), "is of a breakdown, which this widget does not have");
        }
        return group(breakdown.property(), value, () -> named(retention));
    }

    private static Spot cohort(CohortQuestion question, Fields at) {
        List<Long> edges = question.columns().edges();
        return switch (question.rows()) {
            case CohortQuestion.OfCohorts of -> {
                Filter member = new Filter.InCohort(
                        of.cohorts().get(number(at, "row", of.cohorts().size())));
                Filter filter = question.filter() == null ? member : new Filter.And(List.of(question.filter(), member));
                if (!at.has("period")) {
                    // A cohort has the size that it has, whatever its members did in the range.
                    yield new Spot(TimeRange.EVER, filter, List.of(Scope.EVERYTHING), List.of(), new Spot.Anybody());
                }
                int column = number(at, "period", question.columns().size());
                yield new Spot(
                        within(edges.get(column), edges.get(column + 1), question.range()),
                        filter,
                        List.of(scope(question.measure(), at)),
                        List.of(),
                        new Spot.Anybody());
            }
            case CohortQuestion.OfStarts of -> {
                int row = number(at, "row", of.count());
                Spot.People people = new Spot.InRow(question, of, row);
                if (!at.has("period")) {
                    yield new Spot(
                            within(edges.get(row), edges.get(row + 1), question.range()),
                            question.filter(),
                            List.of(of.start()),
                            List.of(),
                            people);
                }
                int column = row + number(at, "period", of.periods());
                yield new Spot(
                        TimeRange.ofMillis(edges.get(column), edges.get(column + 1)),
                        question.filter(),
                        List.of(scope(question.measure(), at)),
                        List.of(),
                        people);
            }
        };
    }

    /** A required number from 0 on. */
    private static int number(Fields at, String name, int count) {
        at.required(name);
        int number = at.integer(name, -1);
        if (number < 0 || number >= count) {
            throw Fields.invalid(at.at(name), "must be the number of a " + name + ", from 0");
        }
        return number;
    }

    private Spot stickiness(StickinessQuestion stickiness, Fields at) {
        at.required("periods");
        int periods = at.integer("periods", 0);
        if (periods < 1 || periods > stickiness.periods().size()) {
            throw Fields.invalid(
                    at.at("periods"),
                    "must be between 1 and " + stickiness.periods().size());
        }
        return new Spot(
                stickiness.range(),
                stickiness.filter(),
                List.of(stickiness.scope()),
                List.of(),
                new Spot.Active(stickiness, periods));
    }

    /** The values with lines of their own in the answer. */
    private List<String> named(TrendQuestion trend) {
        if (!(engine.answer(tenant, trend) instanceof TrendAnswer answer)) {
            return List.of();
        }
        return answer.lines().stream()
                .map(TrendAnswer.Line::breakdown)
                .filter(BreakdownValue.Value.class::isInstance)
                .map(value -> ((BreakdownValue.Value) value).text())
                .distinct()
                .toList();
    }

    /** The values with tables of their own in the answer. */
    private List<String> named(RetentionQuestion retention) {
        return engine.answer(tenant, retention) instanceof RetentionAnswer answer
                ? answer.groups().stream()
                        .map(RetentionAnswer.Group::value)
                        .filter(BreakdownValue.Value.class::isInstance)
                        .map(BreakdownValue::label)
                        .toList()
                : List.of();
    }

    private static Spot.Group group(Property property, String label, Supplier<List<String>> named) {
        return switch (label) {
            case "$none" -> new Spot.Group(property, new BreakdownValue.None(), List.of());
            case "$other" -> new Spot.Group(property, new BreakdownValue.Other(), named.get());
            default -> new Spot.Group(property, new BreakdownValue.Value(label), List.of());
        };
    }

    private static Measure measure(List<Measure> measures, Fields at) {
        String name = at.text("measure").orElse(null);
        return name == null
                ? measures.getFirst()
                : measures.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> Fields.invalid(at.at("measure"), "is no measure of this widget"));
    }

    /** The events that a measure counts, of a formula those of all that it is computed from. */
    private static List<Scope> scopes(List<Measure> measures, Fields at) {
        Measure measure = measure(measures, at);
        return switch (measure) {
            case Measure.EventCount count -> List.of(count.scope());
            case Measure.DistinctUsers users -> List.of(users.scope());
            case Measure.Sessions sessions -> List.of(sessions.scope());
            case Measure.NumericAggregate numeric -> List.of(numeric.scope());
            case Measure.DistinctValues values -> List.of(values.scope());
            case Measure.EventsPerUser perUser -> List.of(perUser.scope());
            case Measure.Formula formula -> {
                List<String> names = formula.expression().references();
                List<Scope> scopes = new ArrayList<>();
                for (Measure each : measures) {
                    if (names.contains(each.name())) {
                        scopes.add(scope(each, at));
                    }
                }
                yield scopes;
            }
            case Measure.Trailing _, Measure.OfSessions _, Measure.ActiveNow _ -> List.of(scope(measure, at));
        };
    }

    /** Numbers of trailing days and of whole sessions are of more events than those of the bucket, which would not add up. */
    private static Scope scope(Measure measure, Fields at) {
        if (measure instanceof Measure.Counted counted
                && !(measure instanceof Measure.Trailing)
                && !(measure instanceof Measure.OfSessions)
                && !(measure instanceof Measure.ActiveNow)) {
            return counted.scope();
        }
        throw Fields.invalid(
                at.at("measure"), "'" + Fields.abbreviated(measure.name()) + "' has no list of what is behind it");
    }

    private static Instant time(String text, String field) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw notTheTime(field);
        }
    }

    private static TidemarkException notTheTime(String field) {
        return Fields.invalid(field, "must be the time of a point, with its offset");
    }

    private static TimeRange within(long startMillis, long endMillis, TimeRange range) {
        return new TimeRange(
                latest(Instant.ofEpochMilli(startMillis), range.start()),
                earliest(Instant.ofEpochMilli(endMillis), range.end()));
    }

    private static Instant latest(Instant some, Instant other) {
        return some.isAfter(other) ? some : other;
    }

    private static Instant earliest(Instant some, Instant other) {
        return some.isBefore(other) ? some : other;
    }
}
