package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.query.Catalog;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.DrillDown;
import dev.tidemark.query.Exports;
import dev.tidemark.query.PropertyValues;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the holder of an embed token can choose, list and look into, on the real engine; and what none can, however asked. */
final class ViewerControlsTest {
    private static final String RANGE = "\"range\":{\"start_time\":\"2026-02-01\",\"end_time\":\"2026-02-28\"}";
    private static final String REPORT = """
            {"report_name":"Sales","controls":%s,"widgets":[
              {"type":"trend","display":"bar","question":{"measures":[{"name":"n","measure":"events"}],"interval":"day",RANGE}},
              {"type":"metric","question":{"measures":[{"name":"n","measure":"events"},{"name":"u","measure":"users"}],RANGE}},
              {"type":"table","question":{"measures":[{"name":"n","measure":"events"}],"breakdowns":["country"],RANGE}},
              {"type":"funnel","question":{"steps":[{"event":"view"},{"event":"buy"}],RANGE}},
              {"type":"retention","question":{"start":{"event":"view"},"return":{"event":"buy"},"period":"day","periods":3,RANGE}},
              {"type":"stickiness","question":{"event":"view","period":"day",RANGE}},
              {"type":"cohort","question":{"start":{"event":"view"},"period":"day","periods":3,"measure":{"name":"n","measure":"events"},RANGE}},
              {"type":"paths","question":{"anchor":{"event":"view"},"steps":1,"by":"country",RANGE}},
              {"type":"retention","question":{"start":{"event":"view"},"return":{"event":"buy"},"period":"day","periods":3,
                "breakdown":{"property":"country","limit":1},RANGE}}]}""".replace("RANGE", RANGE);
    private static final String ALL = """
            {"date_range":true,"max_days":40,"breakdown":["country","properties.plan"],"filters":["country","properties.plan"],
             "drill_down":"people"}""";
    private static final String LOCK = "{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"DE\"}";
    private static final int TREND = 0;
    private static final int METRIC = 1;
    private static final int TABLE = 2;
    private static final int FUNNEL = 3;
    private static final int RETENTION = 4;
    private static final int STICKINESS = 5;
    private static final int COHORT = 6;
    private static final int PATHS = 7;
    private static final int RETENTION_BY_COUNTRY = 8;

    @TempDir
    Path directory;

    private final TenantId tenant = new TenantId("viewer-" + UUID.randomUUID());
    private final List<StoredEvent> events = new ArrayList<>();
    private ServerFixture server;
    private ReportRunner runner;

    @BeforeEach
    void open() {
        EventStore store = EngineFixture.shared().store();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        QueryEngine engine = new QueryEngine(store, TimeSource.system(), meters);
        server = new ServerFixture(directory);
        runner = new ReportRunner(
                new EngineAnswers(engine, () -> true),
                new CaffeineResultCache(ByteSize.mebibytes(1), server.time),
                new Positions(),
                server.tenants,
                CohortDirectory.EMPTY,
                server.time,
                CacheSettings.DEFAULTS,
                meters);
        new ReportExportRoutes(server.reports, new Exports(engine), runner, server.time).register(server.table);
        new ReportViewerRoutes(
                        server.reports,
                        runner,
                        new PropertyValues(new Catalog(store), server.tenants, CohortDirectory.EMPTY, server.time),
                        new DrillDown(store, engine),
                        server.time)
                .register(server.table);
        server.accounts.ensureTenant(tenant);
        // In Germany 3 people view on the 10th and one of them buys the day after; in France 2 view on the 10th.
        add("view", "anna", "DE", "pro", "2026-02-10T10:00:00Z");
        add("view", "bert", "DE", "free", "2026-02-10T11:00:00Z");
        add("view", "cleo", "DE", "", "2026-02-10T12:00:00Z");
        add("buy", "anna", "DE", "pro", "2026-02-11T10:00:00Z");
        add("view", "didi", "FR", "secret-plan", "2026-02-10T10:00:00Z");
        add("view", "emil", "FR", "secret-plan", "2026-02-10T11:00:00Z");
        store.insert(store.encodeEvents(UUID.randomUUID().toString(), events));
    }

    @AfterEach
    void close() {
        runner.close();
        server.close();
    }

    @Test
    void aReportWithoutControlsLetsATokenChooseNothing() {
        Report report = report("null");
        String token = token(report, null, null);
        assertThat(export(report, TREND, token, "").statusCode()).isEqualTo(200);
        for (String chosen : List.of(
                "&start_time=2026-02-10",
                "&end_time=2026-02-11",
                "&last=7d",
                "&interval=hour",
                "&breakdown=country",
                "&breakdown=none",
                "&filters=" + encoded("{\"country\":[\"DE\"]}"))) {
            String parameter = chosen.substring(1, chosen.indexOf('='));
            for (HttpResponse<String> refused : List.of(
                    export(report, TREND, token, chosen),
                    server.get("/api/v1/reports/" + report.id() + "?" + chosen, token),
                    behind(report, TREND, token, "events", "{}", chosen))) {
                assertThat(refused.statusCode()).as(chosen).isEqualTo(403);
            }
            assertThat(ServerFixture.json(server.get("/api/v1/reports/" + report.id() + "?" + chosen, token))
                            .path("field")
                            .asText())
                    .isEqualTo(parameter);
        }
        assertThat(values(report, token, "country").statusCode()).isEqualTo(403);
        assertThat(behind(report, METRIC, token, "events", "{}", "").statusCode())
                .isEqualTo(403);
        assertThat(behind(report, METRIC, token, "people", "{}", "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatIsAllowedCanBeChosenAndChangesNumbersAndFiles() {
        Report report = report(ALL);
        String token = token(report, null, null);
        assertThat(export(report, METRIC, token, "").body()).contains("n,,6").contains("u,,5");
        assertThat(export(report, METRIC, token, "&start_time=2026-02-11&end_time=2026-02-11")
                        .body())
                .contains("n,,1");
        assertThat(export(report, METRIC, token, "&filters=" + encoded("{\"properties.plan\":[\"pro\"]}"))
                        .body())
                .contains("n,,2")
                .contains("u,,1");
        assertThat(export(report, METRIC, token, "&filters=" + encoded("{\"properties.plan\":[\"pro\",null]}"))
                        .body())
                .contains("n,,3");
        assertThat(export(report, TABLE, token, "&breakdown=properties.plan").body())
                .contains("pro,2")
                .contains("secret-plan,2");
        assertThat(export(report, TREND, token, "&breakdown=country&last=30d&interval=day")
                        .body())
                .contains("DE")
                .contains("FR");
        assertThat(answer(report, Reach.locked(null))
                        .path("controls")
                        .path("max_days")
                        .asInt())
                .isEqualTo(40);
    }

    @Test
    void nothingThatAViewerSendsGetsPastTheLockedFilter() {
        Report report = report(ALL);
        String token = token(report, LOCK, null);
        String[] chosen = {
            "",
            "&filters=" + encoded("{\"country\":[\"FR\"]}"),
            "&filters=" + encoded("{\"country\":[\"DE\",\"FR\",null]}"),
            "&filters=" + encoded("{\"properties.plan\":[\"secret-plan\",null,\"pro\",\"free\"]}"),
            "&breakdown=country",
            "&breakdown=properties.plan",
            "&breakdown=none",
            "&start_time=2026-01-25&end_time=2026-03-01",
            "&filter=" + encoded("{\"property\":\"country\",\"operator\":\"is_set\"}"),
            "&locked_filter=null",
            "&tenant=other",
        };
        for (String each : chosen) {
            for (int widget = TREND; widget <= RETENTION_BY_COUNTRY; widget++) {
                HttpResponse<String> numbers = export(report, widget, token, each);
                assertThat(numbers.statusCode()).as(numbers.body()).isEqualTo(200);
                assertThat(numbers.body()).as(each).doesNotContain("FR").doesNotContain("secret-plan");
            }
            assertThat(sizes(export(report, METRIC, token, each).body()))
                    .as(each)
                    .isLessThanOrEqualTo(4);
            for (String[] spot : spots()) {
                for (String show : List.of("events", "people")) {
                    HttpResponse<String> behind = behind(report, Integer.parseInt(spot[0]), token, show, spot[1], each);
                    assertThat(behind.body())
                            .as(each + " " + spot[1])
                            .doesNotContain("\"FR\"")
                            .doesNotContain("didi")
                            .doesNotContain("emil")
                            .doesNotContain("secret-plan");
                }
            }
        }
        assertThat(values(report, token, "country").body()).contains("DE").doesNotContain("FR");
        assertThat(values(report, token, "properties.plan").body())
                .contains("pro")
                .doesNotContain("secret-plan");
        assertThat(values(report, token, "properties.plan&search=secret").body())
                .doesNotContain("secret-plan");
        assertThat(values(report, token, "user_id").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "breakdown=user_id",
                "breakdown=properties.email",
                "filters={\"user_id\":[\"anna\"]}",
                "filters={\"country\":[\"DE\"],\"session_id\":[\"x\"]}"
            })
    void propertiesThatTheAuthorDoesNotNameAreRefused(String chosen) {
        Report report = report(ALL);
        String token = token(report, null, null);
        int equals = chosen.indexOf('=');
        String parameters = "&" + chosen.substring(0, equals + 1) + encoded(chosen.substring(equals + 1));
        assertThat(export(report, TREND, token, parameters).statusCode()).isEqualTo(403);
        assertThat(behind(report, TREND, token, "events", "{\"time\":\"2026-02-10T00:00:00Z\"}", parameters)
                        .statusCode())
                .isEqualTo(403);
        assertThat(export(report, TREND, server.key(tenant, AccessKey.Kind.SECRET), parameters)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last=41d",
                "last=9999d",
                "last=7 d",
                "last=0d",
                "last=7d&end_time=2026-02-02",
                "start_time=2026-01-01&end_time=2026-02-20",
                "start_time=1990-01-01",
                "interval=second",
                "breakdown=",
                "breakdown=cohort",
                "filters=[]",
                "filters={}",
                "filters={\"country\":\"DE\"}",
                "filters={\"country\":[]}",
                "filters={\"country\":[{\"or\":[]}]}",
                "filters={\"country\":[\"DE\"],\"country\":[\"FR\"]}",
                "filters={\"and\":[\"DE\"]}",
                "filters=x"
            })
    void whatCannotBeReadIsRefusedAsAWhole(String chosen) {
        Report report = report(ALL);
        String parameters = "&" + chosen.replaceFirst("=.*", "") + "="
                + encoded(chosen.replaceFirst("^[^=]*=", ""))
                        .replace("%26", "&")
                        .replace("%3D", "=");
        HttpResponse<String> refused = export(report, TREND, token(report, null, null), parameters);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("invalid_field");
    }

    @Test
    void aTokenTakesAwayAndNeverAdds() {
        Report report = report("{\"breakdown\":[\"country\"],\"filters\":[\"country\"],\"drill_down\":\"events\"}");
        String wide = token(
                report,
                null,
                "{\"date_range\":true,\"max_days\":3660,\"breakdown\":[\"country\",\"user_id\"],"
                        + "\"filters\":[\"user_id\"],\"drill_down\":\"people\"}");
        assertThat(export(report, TREND, wide, "&breakdown=country").statusCode())
                .isEqualTo(200);
        assertThat(export(report, TREND, wide, "&breakdown=user_id").statusCode())
                .isEqualTo(403);
        assertThat(export(report, TREND, wide, "&last=7d").statusCode()).isEqualTo(403);
        assertThat(values(report, wide, "user_id").statusCode()).isEqualTo(403);
        assertThat(values(report, wide, "country").statusCode()).isEqualTo(403);
        assertThat(behind(report, METRIC, wide, "people", "{}", "").statusCode())
                .isEqualTo(403);
        String none = token(report, null, "{\"breakdown\":[],\"filters\":[],\"drill_down\":\"none\"}");
        assertThat(export(report, TREND, none, "&breakdown=country").statusCode())
                .isEqualTo(403);
        assertThat(behind(report, METRIC, none, "events", "{}", "").statusCode())
                .isEqualTo(403);
        String unreadable = token(report, null, "{\"breakdown\":\"country\"}");
        assertThat(export(report, TREND, unreadable, "&breakdown=country").statusCode())
                .isEqualTo(403);
        String key = server.key(tenant, AccessKey.Kind.SECRET);
        HttpResponse<String> minted = server.send(
                "POST",
                "/api/v1/reports/" + report.id() + "/embed-tokens",
                "{\"controls\":{\"filters\":[\"country\",\"user_id\"]}}",
                "Authorization",
                "Bearer " + key);
        assertThat(minted.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.json(minted).path("field").asText()).isEqualTo("controls.filters[1]");
        // What the author takes back is gone for tokens that are out already.
        String token = token(report, null, null);
        JsonNode without = read(REPORT.formatted("{}"));
        Report now = server.reports.replace(tenant, report.id(), OptionalLong.empty(), without);
        assertThat(export(now, TREND, token, "&breakdown=country").statusCode()).isEqualTo(403);
    }

    @Test
    void showsWhoAndWhatIsBehindANumber() {
        Report report = report(ALL);
        String token = token(report, LOCK, null);
        assertThat(people(report, TREND, token, "{\"time\":\"2026-02-10T00:00:00Z\"}", ""))
                .containsExactly("anna", "bert", "cleo");
        assertThat(people(
                        report,
                        TREND,
                        token,
                        "{\"time\":\"2026-02-10T00:00:00Z\",\"breakdown\":\"$none\"}",
                        "&breakdown=properties.plan"))
                .containsExactly("cleo");
        assertThat(people(report, TABLE, token, "{\"row\":[\"DE\"]}", "")).hasSize(3);
        assertThat(people(report, FUNNEL, token, "{\"step\":2}", "")).containsExactly("anna");
        assertThat(people(report, FUNNEL, token, "{\"step\":2,\"dropped\":true}", ""))
                .containsExactly("bert", "cleo");
        assertThat(people(report, RETENTION, token, "{\"cohort\":9}", "")).hasSize(3);
        assertThat(people(report, RETENTION, token, "{\"cohort\":9,\"period\":1}", ""))
                .containsExactly("anna");
        assertThat(people(report, STICKINESS, token, "{\"periods\":1}", "")).hasSize(3);
        assertThat(people(report, COHORT, token, "{\"row\":9}", "")).containsExactly("anna", "bert", "cleo");
        assertThat(people(report, COHORT, token, "{\"row\":9,\"period\":1}", ""))
                .containsExactly("anna");
        assertThat(people(report, RETENTION_BY_COUNTRY, token, "{\"cohort\":9,\"period\":1,\"breakdown\":\"DE\"}", ""))
                .containsExactly("anna");
        assertThat(people(
                        report,
                        RETENTION_BY_COUNTRY,
                        token(report, null, null),
                        "{\"cohort\":9,\"breakdown\":\"$other\"}",
                        ""))
                .containsExactly("didi", "emil");
        assertThat(people(report, PATHS, token, "{\"step\":1,\"from\":\"DE\",\"dropped\":true}", ""))
                .containsExactly("anna", "bert", "cleo");
        assertThat(people(report, PATHS, token, "{\"path\":[\"DE\"]}", "")).isEmpty();
        assertThat(people(
                        report,
                        METRIC,
                        token,
                        "{\"measure\":\"u\"}",
                        "&filters=" + encoded("{\"properties.plan\":[\"free\"]}")))
                .containsExactly("bert");
        JsonNode bought = ServerFixture.json(behind(report, FUNNEL, token, "events", "{\"step\":2}", ""));
        assertThat(bought.path("events")).hasSize(1);
        assertThat(bought.at("/events/0/event_type").asText()).isEqualTo("buy");
        assertThat(bought.at("/events/0/user_id").asText()).isEqualTo("anna");
    }

    @Test
    void eventsComeWithoutIdsWhereThePeopleAreNotToBeShown() {
        Report report = report(ALL.replace("\"people\"", "\"events\""));
        String token = token(report, null, null);
        JsonNode events = ServerFixture.json(behind(report, METRIC, token, "events", "{}", ""));
        assertThat(events.path("events")).hasSize(6);
        for (JsonNode event : events.path("events")) {
            assertThat(event.fieldNames()).toIterable().doesNotContain("user_id", "anonymous_id", "session_id", "user");
        }
        assertThat(behind(report, METRIC, token, "people", "{}", "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void listsByPageAndNamesWhatIsNotInTheAnswer() {
        Report report = report(ALL);
        String token = token(report, null, null);
        for (String show : List.of("events", "people")) {
            List<String> found = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = ServerFixture.json(behind(report, METRIC, token, show, "{}", "&limit=2" + cursor));
                page.path(show)
                        .forEach(each -> found.add(each.path(show.equals("events") ? "event_id" : "user_id")
                                .asText()));
                cursor = page.path("next_cursor").isNull()
                        ? ""
                        : "&cursor=" + page.path("next_cursor").asText();
            } while (!cursor.isEmpty());
            assertThat(found).doesNotHaveDuplicates().hasSize(show.equals("events") ? 6 : 5);
            assertThat(behind(report, METRIC, token, show, "{}", "&cursor=eA").statusCode())
                    .isEqualTo(400);
        }
        for (String[] wrong : new String[][] {
            {"0", "{}", "at.time"},
            {"0", "{\"time\":\"2026-02-10T01:00:00Z\"}", "at.time"},
            {"0", "{\"time\":\"2026-02-10T00:00:00Z\",\"breakdown\":\"DE\"}", "at.breakdown"},
            {"1", "{\"measure\":\"x\"}", "at.measure"},
            {"2", "{\"row\":[]}", "at.row"},
            {"3", "{\"step\":3}", "at.step"},
            {"4", "{\"cohort\":99}", "at.cohort"},
            {"4", "{\"cohort\":0,\"period\":3}", "at.period"},
            {"5", "{\"periods\":0}", "at.periods"},
            {"4", "{\"cohort\":0,\"breakdown\":\"DE\"}", "at.breakdown"},
            {"6", "{\"row\":99}", "at.row"},
            {"6", "{\"row\":0,\"period\":3}", "at.period"},
            {"7", "{}", "at.step"},
            {"7", "{\"step\":2}", "at.step"},
            {"7", "{\"step\":1,\"to\":\"DE\",\"dropped\":true}", "at.to"},
            {"7", "{\"path\":[]}", "at.path"},
            {"1", "[]", "at"},
            {"1", "{\"tenant\":\"x\"}", "at.tenant"},
        }) {
            HttpResponse<String> refused = behind(report, Integer.parseInt(wrong[0]), token, "people", wrong[1], "");
            assertThat(refused.statusCode()).as(wrong[1]).isEqualTo(400);
            assertThat(ServerFixture.json(refused).path("field").asText())
                    .as(wrong[1])
                    .isEqualTo(wrong[2]);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "controls.date_range|{\"date_range\":\"yes\"}",
                "controls.max_days|{\"max_days\":0}",
                "controls.max_days|{\"max_days\":3661}",
                "controls.breakdown|{\"breakdown\":\"country\"}",
                "controls.breakdown[1]|{\"breakdown\":[\"country\",\"plan\"]}",
                "controls.filters[1]|{\"filters\":[\"country\",\"country\"]}",
                "controls.filters[0]|{\"filters\":[3]}",
                "controls.drill_down|{\"drill_down\":\"all\"}",
                "controls.compare|{\"compare\":true}",
                "controls|[]"
            })
    void controlsThatAreWrongNameTheirField(String wrong) {
        String field = wrong.substring(0, wrong.indexOf('|'));
        HttpResponse<String> refused = server.send(
                "POST",
                "/api/v1/reports",
                "{\"report_name\":\"r\",\"controls\":" + wrong.substring(field.length() + 1) + "}",
                "Authorization",
                "Bearer " + server.key(tenant, AccessKey.Kind.SECRET));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.json(refused).path("field").asText()).isEqualTo(field);
    }

    private Report report(String controls) {
        return server.reports.create(tenant, read(REPORT.formatted(controls)));
    }

    private String token(Report report, @Nullable String lock, @Nullable String controls) {
        return server.tokens
                .issue(new EmbedTokens.Grant(
                        tenant,
                        report.id().value(),
                        lock == null ? null : read(lock),
                        List.of(),
                        "auto",
                        Duration.ofHours(1),
                        List.of(),
                        "",
                        controls == null ? null : read(controls)))
                .token();
    }

    private static JsonNode read(String json) {
        try {
            return ServerFixture.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private JsonNode answer(Report report, Reach reach) {
        byte[] json = runner.run(report, Overrides.NONE, reach, "test").json();
        return read(new String(json, StandardCharsets.UTF_8));
    }

    private HttpResponse<String> export(Report report, int widget, String token, String parameters) {
        return server.get(
                "/api/v1/reports/" + report.id() + "/export?format=csv&widget="
                        + report.widgets().get(widget).id() + parameters,
                token);
    }

    private HttpResponse<String> behind(
            Report report, int widget, String token, String show, String at, String parameters) {
        return server.get(
                "/api/v1/reports/" + report.id() + "/behind?widget="
                        + report.widgets().get(widget).id() + "&show=" + show + "&at=" + encoded(at) + parameters,
                token);
    }

    private TreeSet<String> people(Report report, int widget, String token, String at, String parameters) {
        HttpResponse<String> answer = behind(report, widget, token, "people", at, parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        TreeSet<String> people = new TreeSet<>();
        ServerFixture.json(answer)
                .path("people")
                .forEach(person -> people.add(person.path("user_id").asText()));
        return people;
    }

    private HttpResponse<String> values(Report report, String token, String property) {
        return server.get("/api/v1/reports/" + report.id() + "/values?property=" + property, token);
    }

    /** A number behind which a viewer may look, in each widget. */
    private static List<String[]> spots() {
        return List.of(
                new String[] {"" + TREND, "{\"time\":\"2026-02-10T00:00:00Z\"}"},
                new String[] {"" + TREND, "{\"time\":\"2026-02-10T00:00:00Z\",\"breakdown\":\"FR\"}"},
                new String[] {"" + TREND, "{\"time\":\"2026-02-10T00:00:00Z\",\"breakdown\":\"$other\"}"},
                new String[] {"" + METRIC, "{}"},
                new String[] {"" + TABLE, "{\"row\":[\"FR\"]}"},
                new String[] {"" + TABLE, "{\"row\":[\"$none\"]}"},
                new String[] {"" + FUNNEL, "{\"step\":1}"},
                new String[] {"" + FUNNEL, "{\"step\":2,\"dropped\":true}"},
                new String[] {"" + RETENTION, "{\"cohort\":9}"},
                new String[] {"" + RETENTION, "{\"cohort\":9,\"period\":0}"},
                new String[] {"" + STICKINESS, "{\"periods\":1}"},
                new String[] {"" + COHORT, "{\"row\":9}"},
                new String[] {"" + COHORT, "{\"row\":9,\"period\":0}"},
                new String[] {"" + PATHS, "{\"step\":1}"},
                new String[] {"" + PATHS, "{\"step\":1,\"from\":\"FR\"}"},
                new String[] {"" + PATHS, "{\"step\":1,\"from\":\"$other\",\"dropped\":true}"},
                new String[] {"" + PATHS, "{\"path\":[\"FR\"]}"},
                new String[] {"" + RETENTION_BY_COUNTRY, "{\"cohort\":9,\"breakdown\":\"FR\"}"},
                new String[] {"" + RETENTION_BY_COUNTRY, "{\"cohort\":9,\"breakdown\":\"$other\"}"},
                new String[] {"" + RETENTION_BY_COUNTRY, "{\"cohort\":9,\"period\":1,\"breakdown\":\"$none\"}"});
    }

    private static long sizes(String csv) {
        return csv.lines()
                .filter(line -> line.startsWith("n,"))
                .mapToLong(line -> Long.parseLong(line.split(",", -1)[2]))
                .sum();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void add(String type, String user, String country, String plan, String time) {
        long millis = Instant.parse(time).toEpochMilli();
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        context.put(ContextField.COUNTRY, country);
        int index = events.size();
        events.add(new StoredEvent(
                new Event(
                        tenant,
                        new EventId("e" + index),
                        false,
                        type,
                        millis,
                        millis,
                        user,
                        null,
                        "visit of " + user,
                        context,
                        plan.isEmpty() ? Attributes.NONE : new Attributes(Map.of("plan", plan), Map.of(), Map.of()),
                        Attributes.NONE,
                        false,
                        Event.NEVER_EXPIRES),
                new JournalAddress(0, index),
                // Persons are told apart by this number.
                user.hashCode(),
                new Attributes(Map.of("mail", user), Map.of(), Map.of())));
    }
}
