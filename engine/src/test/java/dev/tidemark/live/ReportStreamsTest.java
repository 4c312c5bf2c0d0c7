package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportStreamsTest {
    private static final Duration PAUSE = Duration.ofMillis(200);

    @TempDir
    Path directory;

    private LiveFixture fixture;

    @BeforeEach
    void open() {
        fixture = new LiveFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void beginsWithTheWholeReportAndGoesOnWithWhatChanged() {
        Report report = fixture.report();
        ReadSink sink = fixture.watch(report);
        assertThat(sink.events).containsExactly("snapshot");
        fixture.pass(PAUSE);
        fixture.store(3);
        fixture.pass(PAUSE);
        assertThat(sink.events).containsExactly("snapshot", "delta");
        assertThat(LiveFixture.value(sink)).isEqualTo(3);
        assertThat(sink.data.getLast().get("position").asLong()).isEqualTo(1);
        assertThat(sink.data.getLast().get("received_at").asText()).isEqualTo("2026-03-01T12:00:10.200Z");
    }

    @Test
    void readersOfTheSameShareOneComputation() {
        Report report = fixture.report();
        ReadSink first = fixture.watch(report);
        ReadSink second = fixture.watch(report);
        fixture.pass(PAUSE);
        fixture.store(5);
        fixture.pass(PAUSE);
        assertThat(fixture.asked).hasValue(2);
        assertThat(fixture.streams.reports()).isEqualTo(1);
        assertThat(LiveFixture.value(first)).isEqualTo(5);
        assertThat(LiveFixture.value(second)).isEqualTo(5);
    }

    @Test
    void readersWithOtherLockedRowsShareNothing() {
        Report report = fixture.report();
        ReadSink mine = new ReadSink();
        ReadSink theirs = new ReadSink();
        String lock = "{'property':'country','operator':'eq','value':'%s'}";
        fixture.watch(report, LiveFixture.json(lock.formatted("DE")), mine, "", Optional::empty);
        fixture.watch(report, LiveFixture.json(lock.formatted("BR")), theirs, "", Optional::empty);
        assertThat(fixture.streams.reports()).isEqualTo(2);
        assertThat(fixture.asked).hasValue(2);
    }

    @Test
    void saysNothingWhileNothingChanges() {
        ReadSink sink = fixture.watch(fixture.report());
        fixture.store(0);
        for (int i = 0; i < 600; i++) {
            fixture.pass(PAUSE);
        }
        assertThat(sink.events).containsExactly("snapshot");
    }

    @Test
    void aReaderWhoComesBackGetsOnlyWhatItMissed() {
        Report report = fixture.report();
        ReadSink sink = fixture.watch(report);
        sink.leave();
        fixture.pass(PAUSE);
        ReadSink other = fixture.watch(report);
        for (int i = 1; i <= 3; i++) {
            fixture.store(i);
            fixture.pass(PAUSE);
        }
        ReadSink again = new ReadSink();
        again.report = sink.report;
        fixture.watch(report, null, again, sink.lastId, Optional::empty);
        assertThat(again.events).containsExactly("delta", "delta", "delta");
        assertThat(again.report).isEqualTo(other.report);
        assertThat(fixture.watch(report, other.lastId).events).isEmpty();
    }

    @Test
    void aReaderWhoWasAwayForLongOrComesFromElsewhereBeginsAnew() {
        Report report = fixture.report();
        ReadSink sink = fixture.watch(report);
        String early = sink.lastId;
        for (int i = 1; i <= 6; i++) {
            fixture.store(i);
            fixture.pass(PAUSE);
        }
        for (String id : List.of(early, "another-1.1", sink.lastId + "9", "x", "é.1", early.replace(".1", ".-1"))) {
            ReadSink again = fixture.watch(report, id);
            assertThat(again.events).as(id).containsExactly("snapshot");
            assertThat(LiveFixture.value(again)).isEqualTo(6);
            again.leave();
        }
    }

    @Test
    void aSlowReaderGetsTheNewestStateAndHoldsNobodyUp() {
        Report report = fixture.report();
        ReadSink slow = fixture.watch(report);
        ReadSink quick = fixture.watch(report);
        slow.reads = false;
        for (int i = 1; i <= 9; i++) {
            fixture.store(i);
            fixture.pass(PAUSE);
        }
        assertThat(LiveFixture.value(quick)).isEqualTo(9);
        slow.readAgain();
        assertThat(slow.events).containsExactly("snapshot", "snapshot");
        fixture.store(10);
        fixture.pass(PAUSE);
        assertThat(slow.events).containsExactly("snapshot", "snapshot", "delta");
        assertThat(slow.numbers()).isEqualTo(quick.numbers());
    }

    @Test
    void aChangedReportIsSentWhole() {
        Report report = fixture.report();
        ReadSink sink = fixture.watch(report);
        fixture.rename(report, "Renamed");
        fixture.pass(Duration.ofMinutes(1));
        assertThat(sink.events).containsExactly("snapshot", "snapshot");
        assertThat(sink.report.get("report_name").asText()).isEqualTo("Renamed");
    }

    @Test
    void aRemovedReportEndsItsStreams() {
        Report report = fixture.report();
        ReadSink sink = fixture.watch(report);
        fixture.reports.remove(LiveFixture.ACME, report.id(), OptionalLong.empty());
        fixture.pass(Duration.ofMinutes(1));
        assertThat(sink.events).containsExactly("snapshot", "end");
        assertThat(sink.data.getLast().get("reason").asText()).isEqualTo("report_removed");
        assertThat(fixture.streams.streams()).isZero();
        assertThatThrownBy(() -> fixture.watch(report))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(fixture.streams.streams()).isZero();
    }

    @Test
    void aWithdrawnCredentialEndsItsStreamAloneWithTheReason() {
        Report report = fixture.report();
        ReadSink kept = fixture.watch(report);
        ReadSink ended = new ReadSink();
        List<String> reasons = new ArrayList<>();
        fixture.watch(report, null, ended, "", () -> reasons.stream().findFirst());
        fixture.pass(PAUSE);
        assertThat(ended.over).isFalse();
        reasons.add("token_expired");
        fixture.pass(PAUSE);
        assertThat(ended.data.getLast().get("reason").asText()).isEqualTo("token_expired");
        assertThat(kept.over).isFalse();
        assertThat(fixture.streams.streams()).isEqualTo(1);
    }

    @Test
    void tellsHowFarTheStoreIsBehindAndWhenItNoLongerIs() {
        ReadSink sink = fixture.watch(fixture.report());
        fixture.progress.unstored = 7.5;
        fixture.pass(PAUSE);
        fixture.pass(PAUSE);
        fixture.progress.unstored = 1;
        fixture.pass(PAUSE);
        assertThat(sink.events).containsExactly("snapshot", "stale", "stale");
        assertThat(sink.data.stream()
                        .skip(1)
                        .map(data -> data.get("lag_seconds").asInt()))
                .containsExactly(7, 0);
    }

    @Test
    void refusesMoreStreamsThanItMayHold() {
        Report report = fixture.report();
        List<ReadSink> open = new ArrayList<>();
        for (int i = 0; i < LiveFixture.SETTINGS.mostStreamsOfTenant(); i++) {
            open.add(fixture.watch(report));
        }
        assertThatThrownBy(() -> fixture.watch(report)).isInstanceOfSatisfying(TidemarkException.class, e -> {
            assertThat(e.code()).as("as for a plan's limit").isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(e.detail()).contains("plain requests", "live.most-streams-of-tenant");
            assertThat(e.exceeded()).hasValueSatisfying(exceeded -> {
                assertThat(exceeded.limit()).isEqualTo("streams_of_tenant");
                assertThat(exceeded.hard()).isEqualTo(LiveFixture.SETTINGS.mostStreamsOfTenant());
                assertThat(exceeded.retryAfter()).isPositive();
            });
        });
        open.getFirst().leave();
        assertThat(fixture.watch(report).events).containsExactly("snapshot");
    }

    @Test
    void forgetsAReportSomeTimeAfterItsLastReader() {
        ReadSink sink = fixture.watch(fixture.report());
        sink.leave();
        fixture.pass(Duration.ofSeconds(20));
        assertThat(fixture.streams.reports()).isEqualTo(1);
        fixture.pass(Duration.ofSeconds(20));
        assertThat(fixture.streams.reports()).isZero();
    }

    @Test
    void endsAllStreamsWhenItCloses() {
        ReadSink sink = fixture.watch(fixture.report());
        fixture.streams.close();
        assertThat(sink.data.getLast().get("reason").asText()).isEqualTo("shutting_down");
        assertThat(fixture.streams.streams()).isZero();
    }

    @Test
    void everyReaderSeesWhatAFreshQuestionSeesAndNothingIsLeftOfAnyComingAndGoing() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        List<Report> reports = List.of(fixture.report(), fixture.report());
        List<ReadSink> open = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (open.size() < LiveFixture.SETTINGS.mostStreamsOfTenant()) {
                        open.add(fixture.watch(reports.get(random.nextInt(2))));
                    }
                }
                case 2 -> {
                    if (!open.isEmpty()) {
                        ReadSink gone = open.remove(random.nextInt(open.size()));
                        gone.leave();
                    }
                }
                case 3 -> open.forEach(sink -> sink.reads = random.nextInt(3) > 0);
                case 4 -> fixture.store(random.nextInt(5));
                case 5 -> fixture.pass(Duration.ofSeconds(random.nextInt(90)));
                default -> fixture.pass(PAUSE);
            }
        }
        open.forEach(ReadSink::readAgain);
        fixture.pass(PAUSE);
        fixture.pass(PAUSE);
        assertThat(open)
                .as("seed " + seed)
                .isNotEmpty()
                .allSatisfy(sink -> assertThat(LiveFixture.value(sink)).isEqualTo(fixture.value.get()));
        open.forEach(ReadSink::leave);
        fixture.pass(Duration.ofMinutes(2));
        assertThat(fixture.streams.streams()).isZero();
        assertThat(fixture.streams.reports()).isZero();
        assertThat(fixture.meters.get("tidemark.live.streams").gauge().value()).isZero();
    }
}
