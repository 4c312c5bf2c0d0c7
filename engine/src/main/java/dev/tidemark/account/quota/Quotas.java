package dev.tidemark.account.quota;

import dev.tidemark.account.RateLimiter;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What tenants may use, and what they have used. Thread-safe. */
public final class Quotas implements ViewerAllowance {
    private static final int DAYS_SHOWN = 31;
    private static final Duration VIEWER_RETRY = Duration.ofSeconds(30);

    private final Plans plans;
    private final QuotaStore store;
    private final StorageSizes sizes;
    private final TimeSource time;
    private final Activities activities = new Activities();
    private final EventQuota events;
    private final QueryQuota queries;
    private volatile ToIntFunction<TenantId> streams = _ -> 0;

    public Quotas(Plans plans, QuotaStore store, RateLimiter limiter, StorageSizes sizes, TimeSource time) {
        this.plans = plans;
        this.store = store;
        this.sizes = sizes;
        this.time = time;
        this.events = new EventQuota(plans, limiter, sizes, time, activities);
        this.queries = new QueryQuota(plans, limiter, time, activities);
    }

    /** Names who counts events durably. Before the first event. */
    public void countedBy(EventCounts counts) {
        events.countedBy(counts);
    }

    /** Names who knows how many streams a tenant has open. */
    public void watchedBy(ToIntFunction<TenantId> openStreams) {
        streams = openStreams;
    }

    public Plans plans() {
        return plans;
    }

    public EventQuota events() {
        return events;
    }

    public QueryQuota queries() {
        return queries;
    }

    @Override
    public void require(TenantId tenant, int open) {
        Long most = plans.of(tenant).hard(Limit.VIEWERS);
        if (most == null || open <= most) {
            return;
        }
        activities.refused(Limit.VIEWERS);
        throw new TidemarkException(
                Limit.VIEWERS.code(),
                "as many people as the tenant's plan allows are watching: read the report by plain requests until somebody leaves,"
                        + " or have the plan's viewers raised",
                new Exceeded(
                        Limit.VIEWERS.wireName(), most, time.instant().plus(VIEWER_RETRY), VIEWER_RETRY, Map.of()));
    }

    Activities activities() {
        return activities;
    }

    /** Blocks for the numbers of days. */
    Usage usage(TenantId tenant) {
        return new Usage(plans.given(tenant).plan(), time.instant(), lines(tenant), days(tenant));
    }

    /** What is used of each limit now. Does not block. */
    List<Usage.Line> lines(TenantId tenant) {
        Limits limits = plans.of(tenant);
        TenantActivity activity = activities.of(tenant);
        List<Usage.Line> lines = new ArrayList<>();
        for (Limit limit : Limit.SHOWN) {
            Window month = events.window();
            lines.add(
                    switch (limit) {
                        case EVENTS_PER_MONTH ->
                            line(
                                    limit,
                                    limits,
                                    events.ofMonth(tenant),
                                    month.month().toString(),
                                    month.end());
                        case EVENTS_PER_SECOND -> line(limit, limits, activity.eventsPerSecond(), "1s", null);
                        case STORAGE_BYTES ->
                            line(limit, limits, sizes.of(tenant).orElse(0), null, null);
                        case QUERIES_PER_MINUTE -> line(limit, limits, activity.queriesPerMinute(), "1m", null);
                        case CONCURRENT_QUERIES -> line(limit, limits, activity.beingAnswered.get(), null, null);
                        case VIEWERS -> line(limit, limits, streams.applyAsInt(tenant), null, null);
                    });
        }
        return lines;
    }

    private static Usage.Line line(
            Limit limit, Limits limits, long used, @Nullable String window, @Nullable Instant resetsAt) {
        return new Usage.Line(limit, used, limits.soft(limit), limits.hard(limit), window, resetsAt);
    }

    private List<Usage.Day> days(TenantId tenant) {
        LocalDate today = LocalDate.ofInstant(time.instant(), ZoneOffset.UTC);
        LocalDate first = today.minusDays(DAYS_SHOWN - 1L);
        SortedMap<LocalDate, Long> counted = events.counts().ofDays(tenant, first);
        Map<LocalDate, Long> asked = store.queries(tenant, first);
        List<Usage.Day> days = new ArrayList<>();
        for (LocalDate day = first; !day.isAfter(today); day = day.plusDays(1)) {
            boolean now = day.equals(today);
            days.add(new Usage.Day(
                    day,
                    counted.getOrDefault(day, 0L) + (now ? events.onTheWay(tenant) : 0),
                    asked.getOrDefault(day, 0L) + (now ? activities.of(tenant).untoldQueries() : 0)));
        }
        return days;
    }
}
