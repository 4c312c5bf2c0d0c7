package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Chooses the cheapest source that covers a question for measures. Thread-safe. */
final class Planner {
    /** A day less than the rollup by minute is kept. */
    private static final Duration MINUTES_KEPT = Duration.ofDays(7);

    /** So many events have at most so many distinct values that the engine's states of them are two megabytes. */
    private static final long FEW_EVENTS = 100_000;

    /** So many numbers, each added as often as it is counted in one of several days, take a few milliseconds. */
    private static final long FEW_ADDED = 500_000;

    private final InstantSource clock;
    private final boolean rollups;
    private final @Nullable TenantVolumes volumes;

    private Planner(InstantSource clock, boolean rollups, @Nullable TenantVolumes volumes) {
        this.clock = clock;
        this.rollups = rollups;
        this.volumes = volumes;
    }

    static Planner of(InstantSource clock, TenantVolumes volumes) {
        return new Planner(clock, true, volumes);
    }

    /** One that takes every tenant for a small one. */
    static Planner of(InstantSource clock) {
        return new Planner(clock, true, null);
    }

    /** One that always reads the events themselves, and leaves all else to the engine. */
    static Planner ofEventsOnly() {
        return new Planner(InstantSource.system(), false, null);
    }

    /** Whether a tenant has so few events in a range that it is quicker to merge states of them here than to have the engine plan that. */
    boolean mergesFew(TenantId tenant, TimeRange range) {
        return rollups && (volumes == null || volumes.events(tenant, range) <= FEW_EVENTS);
    }

    /** The same of states of the days of a range, each of which goes into so many counts. */
    boolean mergesFew(TenantId tenant, TimeRange range, int counts) {
        return rollups
                && (volumes == null || volumes.events(tenant, range) <= Math.min(FEW_EVENTS, FEW_ADDED / counts));
    }

    /** For all of a question. */
    Source choose(MeasuredQuestion question) {
        return choose(question, question.touchedRange().start(), unit -> fallsOn(question, unit));
    }

    /** For some buckets of a trend, each of which depends on its own events alone. */
    Source choose(TrendQuestion question, Buckets part) {
        return choose(question, part.range().start(), part::fallsOn);
    }

    /** For a part of a range whose events can be counted by themselves. */
    Source choose(MeasuredQuestion question, TimeRange range) {
        return choose(question, range.start(), unit -> fallsOn(range, unit));
    }

    private Source choose(MeasuredQuestion question, Instant start, LongPredicate fallsOn) {
        if (!rollups || !isOfRolledUp(question)) {
            return Source.EVENTS;
        }
        if (fallsOn.test(Interval.MILLIS_PER_HOUR)) {
            return Source.ROLLUP_HOUR;
        }
        boolean kept = !start.isBefore(clock.instant().minus(MINUTES_KEPT));
        return kept && fallsOn.test(Interval.MILLIS_PER_MINUTE) ? Source.ROLLUP_MINUTE : Source.EVENTS;
    }

    private static boolean isOfRolledUp(MeasuredQuestion question) {
        boolean ofEventType = switch (question) {
            case TrendQuestion trend ->
                trend.breakdown() == null || isEventType(trend.breakdown().property());
            case MetricQuestion _ -> true;
            case TableQuestion table -> table.breakdowns().stream().allMatch(Planner::isEventType);
        };
        Filter filter = question.filter();
        return ofEventType
                && (filter == null || filter.isOfEventTypeOnly())
                && question.measures().stream().allMatch(Planner::isRolledUp);
    }

    private static boolean isRolledUp(Measure measure) {
        return switch (measure) {
            case Measure.EventCount count -> isRolledUp(count.scope());
            case Measure.DistinctUsers users -> !users.exact() && isRolledUp(users.scope());
            case Measure.Sessions sessions -> !sessions.exact() && isRolledUp(sessions.scope());
            case Measure.Trailing trailing -> !trailing.exact() && isRolledUp(trailing.scope());
            case Measure.NumericAggregate _,
                    Measure.DistinctValues _,
                    Measure.EventsPerUser _,
                    Measure.OfSessions _,
                    Measure.ActiveNow _ -> false;
            case Measure.Formula _ -> true;
        };
    }

    private static boolean isRolledUp(Scope scope) {
        Filter filter = scope.filter();
        return filter == null || filter.isOfEventTypeOnly();
    }

    private static boolean isEventType(Property property) {
        return property instanceof Property.EventType;
    }

    private static boolean fallsOn(MeasuredQuestion question, long unit) {
        return switch (question) {
            case TrendQuestion trend ->
                trend.horizon().fallsOn(unit)
                        && trend.comparedHorizon().fallsOn(unit)
                        && trend.buckets().fallsOn(unit)
                        && (trend.compared() == null || trend.compared().fallsOn(unit));
            case MetricQuestion metric ->
                metric.horizon().fallsOn(unit)
                        && metric.comparedHorizon().fallsOn(unit)
                        && fallsOn(metric.range(), unit)
                        && (metric.compared() == null || fallsOn(metric.compared(), unit));
            case TableQuestion table -> table.horizon().fallsOn(unit) && fallsOn(table.range(), unit);
        };
    }

    private static boolean fallsOn(TimeRange range, long unit) {
        return range.startMillis() % unit == 0 && range.endMillis() % unit == 0;
    }
}
