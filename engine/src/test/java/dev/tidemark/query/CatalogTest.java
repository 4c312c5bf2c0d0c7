package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogTest {
    private static final Instant AROUND = Instant.parse("2025-03-10T00:00:00Z");
    private static final int SETS = 350;
    private static final List<String> SEARCHES =
            List.of("", "", "", "A", "pl", "größe", "%", "_", "\\", "'", "5", "tru", "{p0", "no such thing");
    private static final List<String> PATHS = List.of(
            "event_type",
            "user_id",
            "anonymous_id",
            "session_id",
            "country",
            "page_path",
            "utm_source",
            "properties.plan",
            "properties.amount",
            "properties.mixed",
            "properties.a.b",
            "properties.we'ird",
            "properties.back\\slash",
            "properties.{tenant:String}",
            "user.mixed",
            "user.plan");

    private final QueryFixture fixture = new QueryFixture();
    private final Catalog catalog = new Catalog(fixture.store);

    @ParameterizedTest
    @ValueSource(longs = {71, 72, 73})
    void countsWhatAListOfTheEventsHolds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Runnable> questions = new ArrayList<>();
        List<StoredEvent> all = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            TenantId tenant = QueryFixture.newTenant();
            List<StoredEvent> events =
                    new RandomEvents(tenant, AROUND, random.nextLong()).take(random.nextInt(set % 3 == 0 ? 3 : 25));
            all.addAll(events);
            String about = "seed " + seed + " set " + set;
            String type = random.nextInt(3) == 0 ? pick(RandomEvents.TYPES, random) : null;
            String search = pick(SEARCHES, random);
            String path = pick(PATHS, random);
            int asked = random.nextInt(4);
            questions.add(() -> compare(about, tenant, events, type, search, path, asked));
        }
        fixture.insert(all);
        questions.parallelStream().forEach(Runnable::run);
    }

    private void compare(
            String about,
            TenantId tenant,
            List<StoredEvent> events,
            @Nullable String type,
            String search,
            String path,
            int asked) {
        String what = about + " question " + asked + " " + type + " " + search + " " + path + " of " + events.size();
        NaiveCatalog naive = new NaiveCatalog(events, type);
        CatalogRequest request = request(type, search, 1_000, 0, null);
        switch (asked) {
            case 0 -> {
                CatalogPage<CatalogPage.EventType> types = catalog.eventTypes(tenant, request, true);
                List<CatalogPage.EventType> expected = new NaiveCatalog(events, null).eventTypes(search);
                assertThat(types.entries()).as(what).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(types.total()).as(what).isEqualTo(expected.size());
            }
            case 1 -> {
                CatalogPage<CatalogPage.FoundProperty> properties = catalog.properties(tenant, request);
                assertThat(properties.entries()).as(what).containsExactlyInAnyOrderElementsOf(naive.properties(search));
                assertThat(properties.entries())
                        .as(what)
                        .isSortedAccordingTo((left, right) -> Long.compare(right.events(), left.events()));
            }
            default -> {
                CatalogPage<CatalogPage.FoundValue> values =
                        catalog.values(tenant, Property.parse(path).orElseThrow(), request);
                assertThat(counts(values)).as(what).isEqualTo(naive.values(path, search));
                assertThat(values.total()).as(what).isEqualTo(values.entries().size());
            }
        }
    }

    @Test
    void saysThatItLooksAtTheNewestOfMany() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 40; i++) {
            events.addAll(new RandomEvents(tenant, AROUND, random.nextLong()).take(150));
        }
        fixture.insert(events);
        Catalog bounded = new Catalog(fixture.store, new Catalog.Budget(500, 500, 500, 500, 100_000));
        CatalogPage<CatalogPage.FoundProperty> properties =
                bounded.properties(tenant, request(null, "", 1_000, 0, null));
        CatalogSample sample = properties.sample();
        assertThat(sample).isNotNull();
        assertThat(sample.isPart()).isTrue();
        assertThat(sample.total()).isEqualTo(events.size());
        assertThat(sample.lookedAt()).isBetween(800L, (long) events.size() / 2);
        Instant since = sample.since();
        assertThat(since).isNotNull();
        CatalogPage.FoundProperty types = properties.entries().getFirst();
        assertThat(types.path()).isEqualTo("event_type");
        assertThat(types.events()).isEqualTo(sample.lookedAt());
        Set<String> seen = new HashSet<>();
        bounded.values(tenant, new Property.EventType(), request(null, "", 1_000, 0, null))
                .entries()
                .forEach(value -> seen.add(value.value().toString()));
        assertThat(seen).as("every type is seen").hasSameSizeAs(RandomEvents.TYPES);
        for (String type : RandomEvents.TYPES) {
            List<Long> times = events.stream()
                    .filter(event -> event.event().type().equals(type))
                    .map(event -> event.event().timestampMillis())
                    .sorted()
                    .toList();
            CatalogPage<CatalogPage.FoundProperty> ofType =
                    bounded.properties(tenant, request(type, "event_type", 10, 0, null));
            CatalogSample own = ofType.sample();
            assertThat(own).isNotNull();
            Instant from = own.since();
            assertThat(from).isNotNull();
            long newer =
                    times.stream().filter(time -> time >= from.toEpochMilli()).count();
            assertThat(ofType.entries().getFirst().events()).isEqualTo(newer).isEqualTo(own.lookedAt());
            assertThat(newer).isBetween(200L, times.size() - 1L);
        }
        Catalog sparing = new Catalog(fixture.store, new Catalog.Budget(500, 500, 500, events.size(), 500));
        assertThat(sparing.values(tenant, new Property.EventType(), request(null, "", 10, 0, null))
                        .sample())
                .as("one narrow column of so many events is read whole")
                .satisfies(whole -> assertThat(whole != null && whole.isPart()).isFalse());
        assertThat(catalog.properties(tenant, request(null, "", 10, 0, null)).sample())
                .satisfies(whole -> assertThat(whole != null && whole.isPart()).isFalse());
    }

    @Test
    void pagesThroughValuesWithoutGapsOrRepeats() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new RandomEvents(tenant, AROUND, 8).take(400);
        fixture.insert(events);
        List<CatalogPage.FoundValue> paged = new ArrayList<>();
        for (int offset = 0; offset < 40; offset += 7) {
            paged.addAll(catalog.values(tenant, new Property.Sent("mixed"), request(null, "", 7, offset, null))
                    .entries());
        }
        assertThat(paged)
                .isEqualTo(catalog.values(tenant, new Property.Sent("mixed"), request(null, "", 100, 0, null))
                        .entries());
    }

    @Test
    void showsNothingBehindALockedFilter() {
        TenantId tenant = QueryFixture.newTenant();
        List<StoredEvent> events = new RandomEvents(tenant, AROUND, 9).take(500);
        fixture.insert(events);
        String json = "{'property':'country','operator':'eq','value':'DE'}";
        Filter locked = FilterReader.read(QueryFixture.json(json), "", QueryFixture.context());
        List<StoredEvent> visible = events.stream()
                .filter(event -> NaiveFilter.holds(QueryFixture.json(json), event))
                .toList();
        NaiveCatalog naive = new NaiveCatalog(visible, null);
        CatalogRequest request = request(null, "", 1_000, 0, locked);
        assertThat(catalog.eventTypes(tenant, request, true).entries())
                .containsExactlyInAnyOrderElementsOf(naive.eventTypes(""));
        assertThat(catalog.properties(tenant, request).entries())
                .containsExactlyInAnyOrderElementsOf(naive.properties(""));
        assertThat(counts(catalog.values(tenant, new Property.Sent("plan"), request)))
                .isEqualTo(naive.values("properties.plan", ""));
        assertThat(counts(catalog.values(tenant, Property.parse("country").orElseThrow(), request)))
                .containsOnlyKeys("DE");
    }

    @Test
    void showsNothingOfAnotherTenant() {
        TenantId full = QueryFixture.newTenant();
        TenantId empty = QueryFixture.newTenant();
        fixture.insert(new RandomEvents(full, AROUND, 10).take(300));
        List<String> searches = new ArrayList<>(SEARCHES);
        searches.addAll(List.of("' OR 1=1 OR tenant_id='", "{tenant:String}", "\0", "x') OR (1=1", "`"));
        for (String search : searches) {
            CatalogRequest request = request(null, search, 1_000, 0, null);
            assertThat(catalog.eventTypes(empty, request, true).entries()).isEmpty();
            assertThat(catalog.properties(empty, request).entries()).isEmpty();
            assertThat(catalog.properties(empty, request(search, "", 10, 0, null))
                            .entries())
                    .isEmpty();
            for (String path : List.of("country", "properties.mixed")) {
                assertThat(catalog.values(empty, Property.parse(path).orElseThrow(), request)
                                .entries())
                        .isEmpty();
            }
            assertThat(catalog.values(empty, new Property.Sent(search + "x"), request)
                            .entries())
                    .isEmpty();
        }
        assertThat(catalog.propertiesOf(empty, RandomEvents.TYPES)).isEmpty();
        assertThat(catalog.propertiesOf(full, List.of("view", "absent")))
                .containsOnlyKeys("view")
                .extractingByKey("view")
                .satisfies(paths -> assertThat(paths).contains("properties.amount", "country", "user.mixed"));
    }

    private static CatalogRequest request(
            @Nullable String type, String search, int limit, int offset, @Nullable Filter locked) {
        return new CatalogRequest(type == null ? List.of() : List.of(type), search, limit, offset, locked);
    }

    private static Map<Object, Long> counts(CatalogPage<CatalogPage.FoundValue> page) {
        Map<Object, Long> counts = new HashMap<>();
        for (CatalogPage.FoundValue found : page.entries()) {
            Object value = switch (found.value()) {
                case Scalar.Text text -> text.value();
                case Scalar.Numeric number -> number.value();
                case Scalar.Flag flag -> flag.value();
            };
            assertThat(counts.put(value, found.events()))
                    .as("listed twice: %s", value)
                    .isNull();
        }
        return counts;
    }

    private static <T> T pick(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }
}
