package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.Question;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportRunnerTest {
    @TempDir
    Path directory;

    private ReportFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ReportFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void answersInTheDocumentedForm() {
        Report report = fixture.report(ReportFixture.TREND);
        JsonNode answer = fixture.run(report);
        JsonNode expected = ReportFixture.json(
                """
                {"report_id":"%s","report_name":"Overview","generated_at":"2026-03-01T12:00:10Z","stale":false,
                 "widgets":[{"widget_id":"%s","type":"trend","title":"","display":"line",
                 "layout":{"x":0,"y":0,"w":12,"h":4},"data":{"value":1}}]}""".formatted(report.id(), report.widgets().getFirst().id()));
        assertThat(answer).isEqualTo(expected);
    }

    @Test
    void asksOnceWhileNothingHappens() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        ReportAnswer first = fixture.answer(report);
        ReportAnswer second = fixture.answer(report);
        assertThat(fixture.asked).hasSize(2);
        assertThat(second.entityTag()).isEqualTo(first.entityTag()).startsWith("W/\"");
        assertThat(fixture.meters.counter("tidemark.cache.hits").count()).isEqualTo(2);
        assertThat(fixture.meters.counter("tidemark.cache.misses").count()).isEqualTo(2);
    }

    @Test
    void asksAgainWhenAnEventTouchesTheRangeAndOnlyThen() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        fixture.stored(5, "2026-03-01T11:00:00Z");
        fixture.run(report);
        fixture.stored(6, "2025-06-01T00:00:00Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(2);
        fixture.stored(7, "2026-03-01T11:30:00Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(3);
        fixture.stored(8, "2026-01-15T00:00:00Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(4);
        fixture.run(report);
        assertThat(fixture.asked).hasSize(4);
    }

    @Test
    void asksAgainWhenACohortIsChangedOrAnEventTouchesWhatDecidesWhoIsInIt() {
        Report report = fixture.report("""
                {"type":"metric","measures":[{"name":"views","measure":"users"}],"filter":{"cohort":"c"},
                 "range":{"start_time":"2026-01-01","end_time":"2026-01-31"}}""");
        fixture.run(report);
        fixture.run(report);
        assertThat(fixture.asked).hasSize(1);
        fixture.cohorts.change();
        fixture.run(report);
        assertThat(fixture.asked).hasSize(2);
        fixture.stored(5, "2025-06-15T11:00:00Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(3);
        fixture.stored(6, "2024-06-15T11:00:00Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(3);
    }

    @Test
    void asksAgainWhenAnEventArrivesWhileTheQuestionIsAnswered() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.answers = (_, _) -> {
            fixture.stored(9, "2026-03-01T11:00:00Z");
            return ReportFixture.JSON.createObjectNode().put("value", 1);
        };
        fixture.run(report);
        fixture.answers = (_, _) -> ReportFixture.JSON.createObjectNode().put("value", 2);
        assertThat(fixture.run(report).at("/widgets/0/data/value").asInt()).isEqualTo(2);
    }

    @Test
    void asksAgainAfterTheLifetimeWhichIsLongerForThePast() {
        Report open = fixture.report(ReportFixture.TREND);
        Report past = fixture.report(ReportFixture.PAST);
        fixture.run(open);
        fixture.run(past);
        fixture.time.advance(Duration.ofSeconds(61));
        fixture.run(open);
        fixture.run(past);
        assertThat(fixture.asked).hasSize(3);
        fixture.time.advance(Duration.ofMinutes(10));
        fixture.run(past);
        assertThat(fixture.asked).hasSize(4);
    }

    @Test
    void asksAgainWhenABucketIsCompleted() {
        Report report = fixture.report("""
                {"type":"trend","measures":[{"name":"views","measure":"events"}],"interval":"minute","range":{"last":"30m"}}""");
        fixture.run(report);
        fixture.time.advance(Duration.ofSeconds(40));
        fixture.run(report);
        assertThat(fixture.asked).hasSize(1);
        fixture.time.advance(Duration.ofSeconds(10));
        fixture.run(report);
        assertThat(fixture.asked).hasSize(2);
    }

    @Test
    void asksEverySecondWhoIsActiveNow() {
        Report report = fixture.report("""
                {"type":"metric","measures":[{"name":"now","measure":"active_users_now"}]}""");
        fixture.run(report);
        fixture.run(report);
        assertThat(fixture.asked).hasSize(1);
        fixture.time.advance(Duration.ofMillis(1));
        fixture.run(report);
        fixture.time.advance(Duration.ofMillis(900));
        fixture.run(report);
        assertThat(fixture.asked).hasSize(2);
        fixture.stored(5, "2026-03-01T12:00:10Z");
        fixture.run(report);
        assertThat(fixture.asked).hasSize(3);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.run(report);
        assertThat(fixture.asked).hasSize(4);
    }

    @Test
    void servesWhatItHasMarkedStaleWhileTheEngineIsAway() {
        Report report = fixture.report(ReportFixture.TREND);
        ReportAnswer before = fixture.answer(report);
        fixture.stored(1, "2026-03-01T11:00:00Z");
        fixture.answers = failing(ErrorCode.ENGINE_UNAVAILABLE);
        ReportAnswer during = fixture.answer(report);
        assertThat(during.stale()).isTrue();
        assertThat(during.entityTag()).isNotEqualTo(before.entityTag());
        assertThat(ReportFixture.json(during).get("stale").asBoolean()).isTrue();
        assertThat(ReportFixture.json(during).at("/widgets/0/data/value").asInt())
                .isEqualTo(1);
        assertThat(fixture.meters.counter("tidemark.cache.stale").count()).isEqualTo(1);
        fixture.answers = (_, _) -> ReportFixture.JSON.createObjectNode().put("value", 99);
        assertThat(fixture.run(report).get("stale").asBoolean()).isFalse();
    }

    @Test
    void servesWhatItHasWhileTheEngineHangsWithoutWaitingForItsEnd() throws Exception {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.answer(report);
        fixture.stored(1, "2026-03-01T11:00:00Z");
        CountDownLatch hangs = new CountDownLatch(1);
        fixture.answers = (_, _) -> {
            awaited(hangs);
            return ReportFixture.JSON.createObjectNode().put("value", 99);
        };
        fixture.responsive = false;
        JsonNode during = fixture.run(report);
        assertThat(during.get("stale").asBoolean()).isTrue();
        assertThat(during.at("/widgets/0/data/value").asInt()).isEqualTo(1);
        hangs.countDown();
        JsonNode after = fixture.run(report);
        assertThat(after.get("stale").asBoolean()).isFalse();
        assertThat(after.at("/widgets/0/data/value").asInt()).isEqualTo(99);
    }

    @Test
    void waitsForAnEngineThatIsSlowButAnswers() throws Exception {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.answer(report);
        fixture.stored(1, "2026-03-01T11:00:00Z");
        CountDownLatch slow = new CountDownLatch(1);
        fixture.answers = (_, _) -> {
            awaited(slow);
            return ReportFixture.JSON.createObjectNode().put("value", 99);
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> answer = threads.submit(() -> fixture.run(report));
            assertThatThrownBy(() -> answer.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            slow.countDown();
            assertThat(answer.get().get("stale").asBoolean()).isFalse();
            assertThat(answer.get().at("/widgets/0/data/value").asInt()).isEqualTo(99);
        }
    }

    @Test
    void explainsEveryWidgetPastTheCache() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        JsonNode before = fixture.run(report);
        fixture.answers = new WidgetAnswers() {
            @Override
            public ObjectNode answer(TenantId tenant, Question question) {
                return ReportFixture.JSON.createObjectNode().put("value", 7);
            }
        };
        ObjectNode explained = fixture.runner.explain(report, Overrides.NONE, "test");
        assertThat(explained.at("/widgets"))
                .hasSize(2)
                .allSatisfy(
                        widget -> assertThat(widget.at("/data/value").asInt()).isEqualTo(7));
        assertThat(fixture.run(report).get("widgets")).isEqualTo(before.get("widgets"));
        assertThatThrownBy(() -> fixture.runner.explain(report, new Overrides("x", null, null), "test"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.field()).hasValue("start_time"));
    }

    @Test
    void anInvalidationForgetsWhatAnswersWereMadeFromToo() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.runner.invalidate(ReportFixture.ACME, report.id());
        fixture.runner.invalidate(ReportFixture.ACME);
        assertThat(fixture.forgotten).containsExactly(ReportFixture.ACME, ReportFixture.ACME);
    }

    @Test
    void servesStaleNumbersEvenAfterTheRangeHasMovedOn() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.run(report);
        fixture.time.advance(Duration.ofHours(13));
        fixture.answers = failing(ErrorCode.OVERLOADED);
        JsonNode answer = fixture.run(report);
        assertThat(answer.get("stale").asBoolean()).isTrue();
        assertThat(answer.get("generated_at").asText()).isEqualTo("2026-03-01T12:00:10Z");
        assertThat(answer.at("/widgets/0/data/value").asInt()).isEqualTo(1);
    }

    @Test
    void showsTheFailureOfOneWidgetInItsPlace() {
        Report report = fixture.report(ReportFixture.TREND, ReportFixture.PAST);
        fixture.answers = (_, question) -> {
            if (question.type().equals("trend")) {
                throw new TidemarkException(ErrorCode.QUERY_TOO_EXPENSIVE, "too much");
            }
            return ReportFixture.JSON.createObjectNode().put("value", 7);
        };
        ReportAnswer answer = fixture.answer(report);
        JsonNode json = ReportFixture.json(answer);
        assertThat(json.at("/widgets/0/error/code").asText()).isEqualTo("query_too_expensive");
        assertThat(json.at("/widgets/0/error/status").asInt()).isEqualTo(400);
        assertThat(json.at("/widgets/0").has("data")).isFalse();
        assertThat(json.at("/widgets/1/data/value").asInt()).isEqualTo(7);
        assertThat(answer.entityTag()).isEmpty();
    }

    @Test
    void tellsNothingOfTheInsideWhenAWidgetFailsUnexpectedly() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.answers = (_, _) -> {
            throw new IllegalStateException("password of the engine");
        };
        JsonNode json = fixture.run(report);
        assertThat(json.at("/widgets/0/error/status").asInt()).isEqualTo(500);
        assertThat(json.toString()).doesNotContain("password");
    }

    @Test
    void putsOneQuestionOnceForManyCallers() throws Exception {
        Report report = fixture.report(ReportFixture.TREND);
        CountDownLatch started = new CountDownLatch(1);
        Semaphore finish = new Semaphore(0);
        fixture.answers = (_, _) -> {
            started.countDown();
            finish.acquireUninterruptibly();
            return ReportFixture.JSON.createObjectNode().put("value", 1);
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> answers = new ArrayList<>();
            for (int caller = 0; caller < 50; caller++) {
                answers.add(threads.submit(() -> fixture.run(report)));
            }
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            finish.release(50);
            for (Future<JsonNode> answer : answers) {
                assertThat(answer.get(10, TimeUnit.SECONDS)
                                .at("/widgets/0/data/value")
                                .asInt())
                        .isEqualTo(1);
            }
        }
        assertThat(fixture.asked).hasSize(1);
    }

    @Test
    void doesNotJoinAQuestionPutBeforeTheEventThatTheCallerKnowsOf() throws Exception {
        Report report = fixture.report(ReportFixture.TREND);
        CountDownLatch started = new CountDownLatch(1);
        Semaphore finish = new Semaphore(0);
        fixture.answers = (_, _) -> {
            int number = fixture.asked();
            if (number == 1) {
                started.countDown();
                finish.acquireUninterruptibly();
            }
            return ReportFixture.JSON.createObjectNode().put("value", number);
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<JsonNode> early = threads.submit(() -> fixture.run(report));
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            fixture.stored(3, "2026-03-01T11:59:00Z");
            Future<JsonNode> late = threads.submit(() -> fixture.run(report));
            finish.release();
            assertThat(early.get(10, TimeUnit.SECONDS)
                            .at("/widgets/0/data/value")
                            .asInt())
                    .isEqualTo(1);
            assertThat(late.get(10, TimeUnit.SECONDS)
                            .at("/widgets/0/data/value")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void asksAgainAfterAnInvalidationByHand() {
        Report first = fixture.report(ReportFixture.TREND);
        Report second = fixture.report(ReportFixture.PAST);
        fixture.run(first);
        fixture.run(second);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.runner.invalidate(ReportFixture.ACME, first.id());
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.run(first);
        fixture.run(second);
        assertThat(fixture.asked).hasSize(3);
        fixture.runner.invalidate(ReportFixture.ACME);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.run(first);
        fixture.run(second);
        assertThat(fixture.asked).hasSize(5);
    }

    @Test
    void neverServesWhatWasInvalidatedNotEvenAsStale() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.run(report);
        fixture.time.advance(Duration.ofSeconds(1));
        fixture.runner.invalidate(ReportFixture.ACME, report.id());
        fixture.answers = failing(ErrorCode.ENGINE_UNAVAILABLE);
        assertThat(fixture.run(report).at("/widgets/0/error/code").asText()).isEqualTo("engine_unavailable");
    }

    @Test
    void keepsAnswersWithDifferentLockedFiltersApart() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.answers =
                (_, question) -> ReportFixture.JSON.createObjectNode().put("filter", String.valueOf(question.filter()));
        String german = locked(report, "DE");
        String french = locked(report, "FR");
        assertThat(german).contains("DE").isNotEqualTo(french);
        assertThat(locked(report, "DE")).isEqualTo(german);
        assertThat(fixture.run(report).toString()).contains("null");
        assertThat(fixture.asked).hasSize(3);
    }

    @Test
    void asksForTheRangeThatTheReaderWants() {
        Report report = fixture.report(ReportFixture.TREND);
        fixture.runner.run(report, new Overrides("2026-02-01", "2026-02-02", "hour"), Reach.FREE, "test");
        assertThat(fixture.asked.getFirst().range().startMillis()).isEqualTo(1_769_904_000_000L);
        assertThat(fixture.asked.getFirst().range().endMillis()).isEqualTo(1_770_076_800_000L);
        assertThatThrownBy(() ->
                        fixture.runner.run(report, new Overrides("yesterday-ish", null, null), Reach.FREE, "test"))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains("start_time"));
    }

    private String locked(Report report, String country) {
        JsonNode filter =
                ReportFixture.json("{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"" + country + "\"}");
        return ReportFixture.json(fixture.runner.run(report, Overrides.NONE, Reach.locked(filter), "test"))
                .at("/widgets/0/data/filter")
                .asText();
    }

    private static WidgetAnswers failing(ErrorCode code) {
        return (_, _) -> {
            throw new TidemarkException(code, "not now");
        };
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
