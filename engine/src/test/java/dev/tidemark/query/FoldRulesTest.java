package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.SettableTime;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldRulesTest {
    private final QueryFixture fixture = new QueryFixture();
    private final TenantId tenant = QueryFixture.newTenant();
    private final SettableTime time = new SettableTime("2025-03-29T12:00:20Z");
    private final Asked store = new Asked(fixture.store);
    private final QueryEngine engine =
            new QueryEngine(store, Planner.ofEventsOnly(), null, time, new SimpleMeterRegistry());
    private int number;

    /** The store, noting what it was asked. */
    private static final class Asked extends ForwardingStore {
        private final List<Select> statements = new ArrayList<>();
        private long rowsRead;

        Asked(EventStore store) {
            super(store);
        }

        @Override
        public Rows query(TenantId tenant, Select select) {
            statements.add(select);
            Rows rows = super.query(tenant, select);
            rowsRead += rows.rowsRead();
            return rows;
        }
    }

    @Test
    void countsWhatLiesInTheNextMinuteOnceTheRangeReachesIt() {
        String json = "{'type':'metric','measures':[{'measure':'events'}],'range':{'last':'5m'}}";
        Fold fold = begin(json);
        fold.add(event("a", "2025-03-29T12:00:59.999Z", "u"));
        fold.add(event("a", "2025-03-29T12:01:00Z", "u"));
        fold.add(event("a", "2025-03-30T11:04:00Z", "u"));
        assertThat(value(fold)).isEqualTo(1);
        time.advance(Duration.ofMinutes(1));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(value(fold)).isEqualTo(2);
        time.advance(Duration.ofMinutes(4));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(value(fold)).isEqualTo(1);
        time.advance(Duration.ofHours(23));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(value(fold)).isEqualTo(1);
        assertThat(store.statements).hasSize(1);
    }

    @Test
    void countsWhatLiesInTheFutureOfTheSnapshotToo() {
        fixture.insert(List.of(
                event("a", "2025-03-29T12:02:30Z", "u"),
                event("a", "2025-03-29T12:02:31Z", "u"),
                event("a", "2025-03-29T12:00:01Z", "u")));
        String json =
                "{'type':'table','measures':[{'measure':'events'}],'breakdowns':['event_type'],'range':{'last':'2m'}}";
        Fold fold = begin(json);
        assertThat(fold.current().orElseThrow().toJson().path("rows").toString())
                .isEqualTo("[[\"a\",1]]");
        time.advance(Duration.ofMinutes(2));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(fold.current().orElseThrow().toJson().path("rows").toString())
                .isEqualTo("[[\"a\",2]]");
    }

    @Test
    void tellsWhoIsActiveNowToTheSecond() {
        String json = "{'type':'metric','measures':[{'measure':'active_users_now'}]}";
        Fold fold = begin(json);
        fold.add(event("a", "2025-03-29T11:55:19.999Z", "too old"));
        fold.add(event("a", "2025-03-29T11:55:20Z", "just"));
        fold.add(event("a", "2025-03-29T12:00:19.999Z", "new"));
        fold.add(event("a", "2025-03-29T12:00:20Z", "of the next second"));
        fold.add(event("a", "2025-03-29T12:00:00Z", null));
        assertThat(value(fold)).isEqualTo(2);
        time.advance(Duration.ofSeconds(1));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(value(fold)).isEqualTo(2);
        time.advance(Duration.ofMinutes(5));
        assertThat(fold.moveTo(question(json))).isTrue();
        assertThat(value(fold)).isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'trend','interval':'minute','measures':[{'measure':'users'}],'range':{'last':'30m'}}",
                "{'type':'trend','interval':'hour','measures':[{'measure':'users'}],'range':{'last':'24h'},'compare':'previous_period'}",
                "{'type':'trend','interval':'day','measures':[{'measure':'wau'}],'range':{'last':'7d'}}",
                "{'type':'metric','measures':[{'measure':'users'}],'range':{'last':'7d'},'compare':'week','sparkline':true}",
                "{'type':'table','measures':[{'measure':'events'}],'breakdowns':['page_path'],'range':{'last':'30m'}}",
                "{'type':'funnel','steps':[{'event':'a'},{'event':'b'}],'window':'30m','range':{'last':'1h'}}",
            })
    void goesOnForDaysAndOverAChangedClockWithoutAskingTheEngine(String text) {
        String json = text.replace("{'type'", "{'zone':'Europe/Berlin','type'");
        Fold fold = begin(json);
        int begun = store.statements.size();
        for (int hour = 0; hour < 60; hour++) {
            time.advance(Duration.ofMinutes(hour % 3 == 0 ? 61 : 59));
            fold.add(event("a", time.instant().minusSeconds(40).toString(), "u" + hour % 7));
            fold.add(event("b", time.instant().minusSeconds(20).toString(), "u" + hour % 7));
            assertThat(fold.moveTo(question(json)))
                    .as(time.instant().toString())
                    .isTrue();
            assertThat(fold.current()).isPresent();
        }
        assertThat(store.statements).hasSize(begun);
        assertThat(fold.bytes()).isLessThan(100_000);
    }

    @Test
    void staysAsItIsWhereItCannotMoveOn() {
        String json = "{'type':'metric','measures':[{'measure':'events'}],'range':{'last':'5m'}}";
        Fold fold = begin(json);
        fold.add(event("a", "2025-03-29T12:00:10Z", "u"));
        assertThat(fold.moveTo(question(json.replace("events", "users")))).isFalse();
        assertThat(fold.moveTo(question(json.replace("5m", "30m")))).isFalse();
        assertThat(fold.moveTo(question("{'type':'funnel','steps':[{'event':'a'},{'event':'b'}]}")))
                .isFalse();
        assertThat(value(fold)).isEqualTo(1);
        assertThat(fold.question()).isEqualTo(question(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'metric','measures':[{'measure':'users','exact':true}]}",
                "{'type':'metric','measures':[{'measure':'median','property':'properties.amount'}]}",
                "{'type':'metric','measures':[{'measure':'bounce_rate'}]}",
                "{'type':'metric','measures':[{'measure':'mau','exact':true}]}",
                "{'type':'metric','measures':[{'measure':'active_users_now','exact':true}]}",
                "{'type':'metric','measures':[{'measure':'events'}],'filter':{'cohort':'ever'}}",
                "{'type':'metric','measures':[{'measure':'events','filter':{'not':{'cohort':'ever'}}}]}",
                "{'type':'funnel','steps':[{'event':'a'},{'event':'b','filter':{'cohort':'ever'}}]}",
                "{'type':'stickiness','period':'day'}",
            })
    void isNotForWhatOtherEventsDecide(String json) {
        assertThat(Fold.isFor(question(json))).isFalse();
        assertThat(engine.fold(tenant, question(json), 0)).isEmpty();
        assertThat(store.statements).isEmpty();
    }

    @Test
    void saysWhatTheEventsThatConcernItHaveInCommon() {
        Interest interest = Interest.of(question("{'type':'metric','measures':[{'measure':'events','event':['a','b']},"
                + "{'measure':'users','event':'c'}],'filter':{'and':[{'property':'country','operator':'eq','value':'DE'},"
                + "{'or':[{'property':'city','operator':'eq','value':'Ulm'}]},"
                + "{'property':'properties.p','operator':'in','value':['x']}]}}"));
        assertThat(interest.eventTypes()).isEqualTo(Set.of("a", "b", "c"));
        assertThat(interest.pins())
                .isEqualTo(Map.of(
                        Property.parse("country").orElseThrow(), new Scalar.Text("DE"),
                        Property.parse("properties.p").orElseThrow(), new Scalar.Text("x")));
        assertThat(interest.covers(event("a", "2025-03-29T12:00:00Z", "u"))).isFalse();
        assertThat(Interest.of(question(
                                "{'type':'metric','measures':[{'measure':'events'},{'measure':'users','event':'c'}]}"))
                        .eventTypes())
                .isEmpty();
        assertThat(Interest.of(question("{'type':'funnel','order':'strict','steps':[{'event':'a'},{'event':'b'}]}"))
                        .eventTypes())
                .isEmpty();
    }

    @Test
    void readsNoMoreThanWhatItsEventsAndItsDaysNeed() {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            String at =
                    Instant.parse("2025-02-01T22:00:00Z").plusSeconds(24L * i).toString();
            events.add(event(i % 4 == 0 ? "a" : "t" + i % 40, at, "u" + i % 500));
        }
        fixture.insert(events);
        for (String json : List.of(
                "{'type':'trend','interval':'day','measures':[{'measure':'users','event':'a'}],'range':{'last':'7d'}}",
                "{'type':'table','measures':[{'measure':'events','event':'a'}],'breakdowns':['user_id'],'range':{'last':'1d'}}",
                "{'type':'funnel','steps':[{'event':'a'},{'event':'t1'}],'window':'1h','range':{'last':'1d'}}")) {
            store.rowsRead = 0;
            store.statements.clear();
            begin(json);
            // The parts of the table hold other tenants too, whose times have nothing to do with these: what is without
            // an end reads of them what any question without an end reads, up to whole granules.
            assertThat(store.rowsRead)
                    .as(json)
                    .isPositive()
                    .isLessThanOrEqualTo(2 * read(List.of("a", "t1"), LocalDate.parse("2025-03-21")) + 2 * 8_192);
            assertThat(read(List.of("a", "t1"), LocalDate.parse("2025-02-01"))).isGreaterThan(50_000);
            assertThat(store.statements)
                    .singleElement()
                    .satisfies(select -> assertThat(select.sql())
                            .contains("toDate(ts) >=", "journal_offset <")
                            .containsPattern("event_type (=|IN) "));
        }
    }

    @Test
    void givesAFunnelUpForSomeoneWhoDoesTooMuch() {
        Fold fold = begin("{'type':'funnel','steps':[{'event':'a'},{'event':'b'}],'range':{'last':'1d'}}");
        for (int i = 0; i < 2_000; i++) {
            fold.add(event("a", "2025-03-29T12:00:00Z", "u"));
        }
        assertThat(fold.current()).isPresent();
        fold.add(event("a", "2025-03-29T12:00:00Z", "u"));
        assertThat(fold.current()).isEmpty();
        assertThat(fold.moveTo(fold.question())).isFalse();
    }

    /** How many rows the engine reads for events of some types from a day on. */
    private long read(List<String> types, LocalDate from) {
        Parameters parameters = new Parameters(tenant);
        return fixture.store
                .query(
                        tenant,
                        Select.from(Table.EVENTS, parameters)
                                .column("sum(journal_offset)", "read")
                                .where("event_type IN " + parameters.texts(types))
                                .where("toDate(ts) >= " + parameters.day(from))
                                .build())
                .rowsRead();
    }

    private Fold begin(String json) {
        return engine.fold(tenant, question(json), Long.MAX_VALUE).orElseThrow();
    }

    private Question question(String json) {
        KnownCohorts cohorts = id -> Optional.of(
                new SavedCohort(id, id, 1, new SavedCohort.Dynamic(QueryFixture.json("{'did':{'event':'b'}}"))));
        return QuestionReader.read(
                QueryFixture.json(json),
                QuestionContext.plain(time.instant(), ZoneOffset.UTC, DayOfWeek.MONDAY, cohorts));
    }

    private static double value(Fold fold) {
        JsonNode data = fold.current().orElseThrow().toJson();
        return data.path("value").asDouble(Double.NaN);
    }

    private StoredEvent event(String type, String at, @Nullable String user) {
        return FunnelSets.event(tenant, number++, type, Instant.parse(at).toEpochMilli(), user, null, null, Map.of());
    }
}
