package dev.tidemark.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which event types, properties and values a tenant's events have, for those who choose among them. Event types are counted from
 * the rollup, the rest is read from the events themselves, from a sample where they are many. Blocking; thread-safe.
 */
public final class Catalog {
    static final int MAX_VALUE_CHARACTERS = 500;
    static final Budget BUDGET = new Budget(500_000, 300_000, 2_000_000, 20_000_000, 1_000_000);
    private static final Duration SAMPLE_LIFE = Duration.ofMinutes(1);
    private static final int MOST_SAMPLES = 2_000;
    private static final Set<ContextField> WIDE = EnumSet.of(ContextField.PAGE_URL, ContextField.REFERRER);

    private final EventStore store;
    private final Budget budget;
    private final Cache<Sampled, CatalogSample> samples;

    /**
     * About how many events are read at most.
     *
     * @param wide for values of long texts that stand in columns of their own, and for the names of properties
     * @param sent for values of sent properties and traits
     * @param narrow for values of other columns where that is a sample
     * @param whole for those where it is all events: a sample is found by day, type and time, three columns more
     * @param locked for anything that a filter limits
     */
    record Budget(long wide, long sent, long narrow, long whole, long locked) {}

    public Catalog(EventStore store) {
        this(store, BUDGET);
    }

    Catalog(EventStore store, Budget budget) {
        this.store = store;
        this.budget = budget;
        this.samples = Caffeine.newBuilder()
                .maximumSize(MOST_SAMPLES)
                .expireAfterWrite(SAMPLE_LIFE)
                .ticker(TimeSource.system()::nanos)
                .build();
    }

    /** The properties of each of these event types that some event has, as far as the sample shows. */
    public Map<String, Set<String>> propertiesOf(TenantId tenant, List<String> eventTypes) {
        if (eventTypes.isEmpty()) {
            return Map.of();
        }
        CatalogSample sample = sample(tenant, eventTypes, Bound.of(budget.sent));
        Parameters parameters = new Parameters(tenant);
        Rows rows = store.query(tenant, CatalogProperties.byEventType(sample, parameters));
        Map<String, Set<String>> known = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            known.computeIfAbsent(rows.textAt(row, 0), _ -> new HashSet<>()).add(rows.textAt(row, 1));
        }
        return known;
    }

    /** Which properties one event type has, {@code event_type} itself with the number of events that were looked at. */
    CatalogPage<CatalogPage.FoundProperty> observed(TenantId tenant, String eventType) {
        return properties(tenant, new CatalogRequest(List.of(eventType), "", ListParameters.MAX_LIMIT, 0, null));
    }

    CatalogPage<CatalogPage.EventType> eventTypes(TenantId tenant, CatalogRequest request, boolean withPersons) {
        CatalogEventTypes types = new CatalogEventTypes(store, tenant, request, withPersons);
        return request.locked() == null
                ? types.counted()
                : types.sampled(sample(tenant, List.of(), Bound.of(budget.locked)));
    }

    CatalogPage<CatalogPage.FoundProperty> properties(TenantId tenant, CatalogRequest request) {
        CatalogSample sample = sample(tenant, request, Bound.of(budget.wide));
        Rows rows = store.query(tenant, CatalogProperties.page(sample, request, new Parameters(tenant)));
        List<CatalogPage.FoundProperty> found = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            found.add(new CatalogPage.FoundProperty(
                    rows.textAt(row, 0),
                    rows.longAt(row, 3),
                    rows.longAt(row, 4),
                    rows.longAt(row, 5),
                    rows.doubleAt(row, 6),
                    rows.doubleAt(row, 7)));
        }
        return new CatalogPage<>(found, rows.size() == 0 ? 0 : rows.longAt(0, 2), sample);
    }

    CatalogPage<CatalogPage.FoundValue> values(TenantId tenant, Property property, CatalogRequest request) {
        CatalogSample sample = sample(tenant, request, boundOf(property));
        Rows rows = store.query(tenant, values(sample, property, request, new Parameters(tenant)));
        boolean isColumn = PropertyColumns.isEmptyWhereAbsent(property);
        List<CatalogPage.FoundValue> found = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            String text = rows.textAt(row, 0);
            Scalar value = switch (isColumn ? "string" : rows.textAt(row, 3)) {
                case "number" -> new Scalar.Numeric(Double.parseDouble(text));
                case "boolean" -> new Scalar.Flag(Boolean.parseBoolean(text));
                default -> new Scalar.Text(text);
            };
            boolean cut = rows.longAt(row, 2) > MAX_VALUE_CHARACTERS;
            found.add(new CatalogPage.FoundValue(value, rows.longAt(row, 1), cut));
        }
        return new CatalogPage<>(found, rows.unlimited(), sample);
    }

    /** A row for each value: its label, how many events, its characters, and its kind where it can be another than a text. */
    private static Select values(
            CatalogSample sample, Property property, CatalogRequest request, Parameters parameters) {
        PropertyColumns columns = PropertyColumns.of(property, parameters);
        boolean isColumn = PropertyColumns.isEmptyWhereAbsent(property);
        String text = isColumn ? columns.key() : columns.text();
        Select.Builder values = sample.select(parameters, request.locked())
                .within(columns.present())
                .column("substringUTF8(" + text + ", 1, " + MAX_VALUE_CHARACTERS + ")", "label")
                .column("count()", "n")
                .column("max(lengthUTF8(" + text + "))", "characters")
                .groupBy("label")
                .orderBy("n DESC")
                .orderBy("label")
                .limit(request.limit(), request.offset());
        if (!isColumn) {
            values.column(kind(property, parameters), "kind").groupBy("kind").orderBy("kind");
        }
        if (!request.search().isEmpty()) {
            values.within(contains(columns.text(), request, parameters));
        }
        return values.build();
    }

    /** A condition that the expression holds what is searched for, in any case; no character of it means more than itself. */
    static String contains(String expression, CatalogRequest request, Parameters parameters) {
        return "positionCaseInsensitiveUTF8(" + expression + ", " + parameters.text(request.search()) + ") > 0";
    }

    private static String kind(Property property, Parameters parameters) {
        return switch (property) {
            case Property.EventType _, Property.Identity _, Property.Context _ -> "'string'";
            case Property.Sent sent -> kind("props", parameters.text(sent.name()));
            case Property.Trait trait -> kind("user", parameters.text(trait.name()));
        };
    }

    private static String kind(String maps, String key) {
        return "multiIf(mapContains(" + maps + "_str, " + key + "), 'string', mapContains(" + maps + "_num, " + key
                + "), 'number', 'boolean')";
    }

    private CatalogSample sample(TenantId tenant, CatalogRequest request, Bound bound) {
        return sample(tenant, request.eventTypes(), request.locked() == null ? bound : Bound.of(budget.locked));
    }

    /** What is looked at need not be chosen anew for every page, nor for each letter that somebody types. */
    private CatalogSample sample(TenantId tenant, List<String> eventTypes, Bound bound) {
        return samples.get(
                new Sampled(tenant, eventTypes, bound),
                wanted -> CatalogSample.choose(
                        store, tenant, wanted.eventTypes, wanted.bound.sampled, wanted.bound.whole));
    }

    private record Sampled(TenantId tenant, List<String> eventTypes, Bound bound) {}

    private Bound boundOf(Property property) {
        Bound narrow = new Bound(budget.narrow, budget.whole);
        return switch (property) {
            case Property.Sent _, Property.Trait _ -> Bound.of(budget.sent);
            case Property.Identity _ -> Bound.of(budget.wide);
            case Property.Context context -> WIDE.contains(context.field()) ? Bound.of(budget.wide) : narrow;
            case Property.EventType _ -> narrow;
        };
    }

    /** How many events are read at most: of a sample, and where all are read. */
    private record Bound(long sampled, long whole) {
        static Bound of(long events) {
            return new Bound(events, events);
        }
    }
}
