package dev.tidemark.live;

import static dev.tidemark.live.StandingFixture.ACME;
import static dev.tidemark.live.StandingFixture.ASKED;
import static dev.tidemark.live.StandingFixture.OTHER;
import static dev.tidemark.live.StandingFixture.OVERVIEW;
import static dev.tidemark.live.StandingFixture.PAUSE;
import static dev.tidemark.live.StandingFixture.count;
import static dev.tidemark.live.StandingFixture.lockedTo;
import static dev.tidemark.live.StandingFixture.modes;
import static dev.tidemark.live.StandingFixture.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ByteSize;
import dev.tidemark.report.Report;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingQueriesTest {
    private static final List<String> STANDING = List.of("standing", "standing", "standing");

    @TempDir
    Path directory;

    private StandingFixture fixture;

    @BeforeEach
    void open() {
        fixture = new StandingFixture(directory, new InThisThread());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEventShowsBeforeItIsInTheStoreAndNothingIsAskedForIt() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        assertThat(modes(sink)).isEqualTo(STANDING);
        fixture.pass(PAUSE);
        int begun = fixture.store.begun.get();
        fixture.accept(fixture.event(ACME, "view", "DE"), fixture.event(ACME, "buy", "FR"));
        fixture.time.advance(Duration.ofMillis(50));
        fixture.accept(fixture.event(ACME, "buy", "DE"));
        fixture.pass(PAUSE);
        assertThat(sink.events).containsExactly("snapshot", "delta");
        assertThat(count(sink, 0)).isEqualTo(1);
        assertThat(count(sink, 1)).isEqualTo(3);
        assertThat(count(sink, 2)).isEqualTo(2);
        assertThat(fixture.store.asked).hasValue(0);
        assertThat(fixture.store.begun).hasValue(begun);
        JsonNode delta = sink.data.getLast();
        assertThat(delta.get("position").asLong()).isEqualTo(2);
        assertThat(delta.get("received_at").asText()).isEqualTo("2026-03-01T12:00:10.200Z");
        assertThat(delta.get("newest_at").asText()).isEqualTo("2026-03-01T12:00:10.250Z");
        assertThat(fixture.meters
                        .get("tidemark.live.freshness")
                        .tag("mode", "standing")
                        .timer()
                        .totalTime(java.util.concurrent.TimeUnit.MILLISECONDS))
                .isEqualTo(250);
        fixture.store();
        fixture.pass(PAUSE);
        assertThat(sink.events).hasSize(2);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
    }

    @Test
    void beginsWhileEventsAreOnTheirWay() {
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.store();
        fixture.accept(fixture.event(ACME, "view", "DE"));
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        assertThat(modes(sink)).containsOnly("refresh");
        assertThat(sink.report.at("/widgets/0/live/reason").asText()).isEqualTo("starting");
        assertThat(count(sink, 0)).isEqualTo(1);
        fixture.accept(fixture.event(ACME, "view", "FR"));
        fixture.store();
        fixture.accept(fixture.event(ACME, "view", "FR"));
        fixture.pass(PAUSE);
        assertThat(modes(sink)).isEqualTo(STANDING);
        assertThat(count(sink, 0)).isEqualTo(4);
        fixture.store();
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
    }

    @Test
    void whoAsksTheSameSharesOneQueryWhichEndsWithTheLast() {
        Report report = fixture.report(ACME, OVERVIEW);
        Report twin = fixture.report(ACME, OVERVIEW);
        ReadSink first = fixture.watch(report);
        ReadSink second = fixture.watch(twin);
        ReadSink theirs = fixture.watch(fixture.report(OTHER, OVERVIEW));
        assertThat(fixture.streams.standingQueries()).isEqualTo(6);
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.pass(PAUSE);
        assertThat(count(first, 0)).isEqualTo(1);
        assertThat(count(second, 0)).isEqualTo(1);
        assertThat(count(theirs, 0)).isZero();
        first.leave();
        theirs.leave();
        fixture.pass(Duration.ofSeconds(31));
        assertThat(fixture.streams.standingQueries()).isEqualTo(3);
        second.leave();
        fixture.pass(Duration.ofSeconds(31));
        assertThat(fixture.streams.standingQueries()).isZero();
        assertThat(fixture.streams.standing().subscribed()).isZero();
    }

    @Test
    void lockedRowsAndTenantsNeverSeeEachOthersEvents() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink germany = fixture.watch(report, lockedTo("DE"));
        ReadSink france = fixture.watch(report, lockedTo("FR"));
        ReadSink all = fixture.watch(report);
        ReadSink others = fixture.watch(fixture.report(OTHER, OVERVIEW), lockedTo("DE"));
        fixture.accept(
                fixture.event(ACME, "view", "DE"),
                fixture.event(ACME, "view", "FR"),
                fixture.event(ACME, "buy", "FR"),
                fixture.event(OTHER, "buy", "DE"));
        fixture.pass(PAUSE);
        assertThat(List.of(count(germany, 0), count(germany, 1), count(germany, 2)))
                .containsExactly(1, 1, 0);
        assertThat(List.of(count(france, 0), count(france, 1), count(france, 2)))
                .containsExactly(1, 2, 1);
        assertThat(List.of(count(all, 0), count(all, 1), count(all, 2))).containsExactly(2, 3, 1);
        assertThat(List.of(count(others, 0), count(others, 1), count(others, 2)))
                .containsExactly(0, 1, 1);
        fixture.store();
        assertThat(seen(germany)).isEqualTo(fixture.fresh(report, lockedTo("DE")));
        assertThat(seen(france)).isEqualTo(fixture.fresh(report, lockedTo("FR")));
    }

    @Test
    void bucketsRollOverWithTheMinuteAndWithMidnightWithoutAskingTheStore() {
        fixture.tenants.settings = new TenantSettings(ZoneId.of("Asia/Kolkata"), DayOfWeek.MONDAY, null, List.of());
        fixture.time.advance(Duration.between(fixture.time.instant(), Instant.parse("2026-03-01T18:28:30Z")));
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        int begun = fixture.store.begun.get();
        for (int step = 0; step < 30; step++) {
            fixture.accept(fixture.event(ACME, "view", "DE"), fixture.event(ACME, "buy", "DE"));
            fixture.pass(Duration.ofSeconds(7));
            fixture.store();
            assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        }
        assertThat(fixture.time.instant()).isAfter(Instant.parse("2026-03-01T18:31:30Z"));
        assertThat(fixture.store.begun).hasValue(begun);
        assertThat(fixture.streams.standingQueries()).isEqualTo(3);
    }

    @Test
    void beginsAnewWhereAQuestionCannotBeFollowedIntoTheNextMinute() {
        fixture.store.movable = false;
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        ReadSink twin = fixture.watch(fixture.report(ACME, OVERVIEW));
        for (int step = 0; step < 20; step++) {
            fixture.accept(fixture.event(ACME, "view", "DE"));
            fixture.store();
            fixture.pass(Duration.ofSeconds(17));
            assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
            assertThat(seen(twin).get(0).get("data"))
                    .isEqualTo(seen(sink).get(0).get("data"));
            assertThat(modes(sink)).isEqualTo(STANDING);
        }
        assertThat(fixture.streams.standingQueries()).isEqualTo(3);
    }

    @Test
    void eventsThatWereMissedShowOnceTheStoreHasThem() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.pass(PAUSE);
        fixture.acceptUnheard(fixture.event(ACME, "view", "DE"));
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(1);
        assertThat(modes(sink)).isEqualTo(STANDING);
        fixture.store();
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(3);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
    }

    @Test
    void eventsThatTheEngineRefusesVanishAgain() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        ReadSink theirs = fixture.watch(fixture.report(OTHER, OVERVIEW));
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.store();
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(2);
        int begun = fixture.store.begun.get();
        fixture.setAside();
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(1);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        assertThat(fixture.store.begun).hasValue(begun + 3);
        assertThat(theirs.events).containsExactly("snapshot");
    }

    @Test
    void tooManyEventsWhileItBeginsMakeItBeginAnew() {
        fixture.store.bytesOfEvent = 1;
        fixture.accept(fixture.event(ACME, "view", "DE"));
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        fixture.accept(many(StandingQuery.MOST_PUT_BY + 1));
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.store();
        fixture.accept(fixture.event(ACME, "buy", "DE"));
        fixture.pass(PAUSE);
        assertThat(modes(sink)).isEqualTo(STANDING);
        assertThat(count(sink, 0)).isEqualTo(StandingQuery.MOST_PUT_BY + 3);
        assertThat(count(sink, 2)).isEqualTo(1);
        fixture.store();
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
    }

    @Test
    void widgetsThatTakeTooMuchMemoryAreAskedAgainAtIntervalsAndSaySo() {
        fixture.close();
        fixture = new StandingFixture(directory, new InThisThread(), ByteSize.parse("1MiB"), ByteSize.parse("2KiB"));
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        ReadSink theirs = fixture.watch(fixture.report(OTHER, OVERVIEW));
        fixture.accept(many(12));
        fixture.accept(fixture.event(OTHER, "view", "DE"));
        fixture.store();
        fixture.pass(PAUSE);
        fixture.pass(PAUSE);
        assertThat(modes(sink)).contains("refresh").contains("standing");
        int large = modes(sink).indexOf("refresh");
        JsonNode live = sink.report.at("/widgets/" + large + "/live");
        assertThat(live.get("reason").asText()).isEqualTo("too_large");
        assertThat(live.get("every_seconds").asInt()).isEqualTo(5);
        assertThat(modes(theirs)).isEqualTo(STANDING);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        fixture.accept(many(3));
        fixture.store();
        fixture.pass(PAUSE);
        int before = count(sink, large);
        assertThat(before).isEqualTo(12);
        fixture.pass(Duration.ofSeconds(5));
        assertThat(count(sink, large)).isEqualTo(15);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        fixture.store.bytesOfEvent = 1;
        fixture.pass(Duration.ofMinutes(6));
        fixture.pass(PAUSE);
        assertThat(modes(sink)).isEqualTo(STANDING);
    }

    @Test
    void whatCannotBeKeptInMemoryIsAskedAtAnIntervalWhenSomethingArrived() {
        Report report = fixture.report(ACME, ASKED);
        ReadSink sink = fixture.watch(report);
        assertThat(sink.report.at("/widgets/0/live"))
                .hasToString("{\"mode\":\"refresh\",\"every_seconds\":5,\"reason\":\"not_incremental\"}");
        fixture.pass(Duration.ofSeconds(6));
        assertThat(fixture.store.asked).hasValue(1);
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.store();
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(1);
        fixture.accept(fixture.event(ACME, "view", "DE"));
        fixture.store();
        fixture.pass(Duration.ofSeconds(2));
        assertThat(count(sink, 0)).isEqualTo(1);
        fixture.pass(Duration.ofSeconds(3));
        assertThat(count(sink, 0)).isEqualTo(2);
        assertThat(fixture.streams.standingQueries()).isZero();
    }

    @Test
    void answersInMemoryGoOnWhileTheStoreIsDownAndAreRightAfterwards() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        fixture.store.isDown = true;
        for (int step = 1; step <= 5; step++) {
            fixture.accept(fixture.event(ACME, "view", "DE"));
            fixture.progress.unstored = 60;
            fixture.pass(Duration.ofSeconds(10));
            assertThat(count(sink, 0)).isEqualTo(step);
        }
        assertThat(sink.events).doesNotContain("stale");
        fixture.progress.unprocessed = 7;
        fixture.pass(PAUSE);
        assertThat(sink.events).endsWith("stale");
        fixture.acceptUnheard(fixture.event(ACME, "view", "DE"));
        fixture.pass(Duration.ofSeconds(12));
        assertThat(count(sink, 0)).isEqualTo(5);
        fixture.store.isDown = false;
        fixture.store();
        for (int step = 0; step < 40; step++) {
            fixture.pass(Duration.ofSeconds(1));
        }
        assertThat(modes(sink)).isEqualTo(STANDING);
        assertThat(count(sink, 0)).isEqualTo(6);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
    }

    @Test
    void anInvalidationAnotherZoneAndAnEditedReportBringWhatAFreshRequestWould() {
        Report report = fixture.report(ACME, OVERVIEW);
        ReadSink sink = fixture.watch(report);
        fixture.accept(fixture.event(ACME, "view", "DE"), fixture.event(ACME, "buy", "DE"));
        fixture.store();
        fixture.pass(PAUSE);
        int begun = fixture.store.begun.get();
        fixture.runner.invalidate(ACME);
        fixture.pass(PAUSE);
        fixture.pass(PAUSE);
        assertThat(fixture.store.begun).hasValue(begun + 3);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        fixture.tenants.settings = new TenantSettings(ZoneId.of("Asia/Tokyo"), DayOfWeek.SUNDAY, null, List.of());
        fixture.pass(PAUSE);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(report, null));
        assertThat(fixture.streams.standingQueries()).isEqualTo(3);
        Report changed = fixture.change(report, OVERVIEW.replace("'view'", "'buy'"));
        fixture.pass(PAUSE);
        assertThat(seen(sink)).isEqualTo(fixture.fresh(changed, null));
        fixture.accept(fixture.event(ACME, "buy", "DE"));
        fixture.pass(PAUSE);
        assertThat(count(sink, 0)).isEqualTo(2);
        assertThat(fixture.streams.standingQueries()).isEqualTo(3);
    }

    private StoredEvent[] many(int count) {
        List<StoredEvent> events = new ArrayList<>();
        IntStream.range(0, count).forEach(_ -> events.add(fixture.event(ACME, "view", "DE")));
        return events.toArray(StoredEvent[]::new);
    }
}
