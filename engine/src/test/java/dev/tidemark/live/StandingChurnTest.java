package dev.tidemark.live;

import static dev.tidemark.live.StandingFixture.ACME;
import static dev.tidemark.live.StandingFixture.ASKED;
import static dev.tidemark.live.StandingFixture.OTHER;
import static dev.tidemark.live.StandingFixture.OVERVIEW;
import static dev.tidemark.live.StandingFixture.PAUSE;
import static dev.tidemark.live.StandingFixture.lockedTo;
import static dev.tidemark.live.StandingFixture.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.report.Report;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers, events, gaps, refusals and time, all at random. */
@Timeout(120)
class StandingChurnTest {
    private static final List<String> COUNTRIES = List.of("DE", "FR", "BR");
    private static final List<String> TYPES = List.of("view", "buy", "stay");

    @TempDir
    Path directory;

    private record Open(
            ReadSink sink, Report report, @Nullable JsonNode locked) {}

    @Test
    void everyReaderEndsAtWhatAFreshRequestShowsWhateverHappenedInOneThread() {
        for (long seed = 1; seed <= 12; seed++) {
            try (StandingFixture fixture = new StandingFixture(directory.resolve("s" + seed), new InThisThread())) {
                churn(fixture, seed, 700);
                settle(fixture, () -> true);
            }
        }
    }

    @Test
    void everyReaderEndsAtWhatAFreshRequestShowsWhateverHappenedInManyThreads() throws InterruptedException {
        for (long seed = 21; seed <= 24; seed++) {
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            try (StandingFixture fixture = new StandingFixture(directory.resolve("s" + seed), threads)) {
                churn(fixture, seed, 1_500);
            }
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void churn(StandingFixture fixture, long seed, int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Report> reports = new ArrayList<>(List.of(
                fixture.report(ACME, OVERVIEW),
                fixture.report(ACME, OVERVIEW.replace("30m", "5m")),
                fixture.report(ACME, ASKED),
                fixture.report(OTHER, OVERVIEW)));
        List<Open> open = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> open.add(watch(fixture, reports.get(random.nextInt(reports.size())), random));
                case 3, 4 -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).sink.leave();
                    }
                }
                case 5 -> fixture.acceptUnheard(events(fixture, random));
                case 6 -> fixture.setAside();
                case 7 -> fixture.store.isDown = random.nextInt(3) == 0;
                case 8 -> fixture.store.movable = random.nextBoolean();
                case 9 -> fixture.pass(Duration.ofSeconds(random.nextInt(40)));
                case 10 -> fixture.runner.invalidate(ACME);
                case 11, 12, 13 -> fixture.store();
                case 14, 15 -> fixture.pass(PAUSE);
                default -> fixture.accept(events(fixture, random));
            }
        }
        fixture.store.isDown = false;
        fixture.store();
        settle(
                fixture,
                () -> open.stream().allMatch(each -> seen(each.sink).equals(fixture.fresh(each.report, each.locked))));
        assertThat(open)
                .as("seed " + seed)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(seen(each.sink)).isEqualTo(fixture.fresh(each.report, each.locked)));
        open.forEach(each -> each.sink.leave());
        settle(fixture, () -> fixture.streams.reports() == 0 && fixture.streams.standingQueries() == 0);
        assertThat(fixture.streams.streams()).as("seed " + seed).isZero();
        assertThat(fixture.streams.reports()).as("seed " + seed).isZero();
        assertThat(fixture.streams.standingQueries()).as("seed " + seed).isZero();
        assertThat(fixture.streams.standing().subscribed()).as("seed " + seed).isZero();
        assertThat(fixture.meters.get("tidemark.live.standing.bytes").gauge().value())
                .as("seed " + seed)
                .isZero();
    }

    /** Lets time pass until a condition holds, for some minutes of it at most. */
    private static void settle(StandingFixture fixture, BooleanSupplier condition) {
        for (int step = 0; step < 150; step++) {
            fixture.pass(Duration.ofSeconds(1));
            LockSupport.parkNanos(1_000_000);
            if (step > 40 && condition.getAsBoolean()) {
                fixture.streams.review();
                return;
            }
        }
    }

    private static Open watch(StandingFixture fixture, Report report, SplittableRandom random) {
        JsonNode locked = random.nextBoolean() ? lockedTo(COUNTRIES.get(random.nextInt(3))) : null;
        return new Open(fixture.watch(report, locked), report, locked);
    }

    /** Late ones, some of minutes to come, and some from days ago. */
    private static List<StoredEvent> some(StandingFixture fixture, SplittableRandom random) {
        List<StoredEvent> events = new ArrayList<>();
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            TenantId tenant = random.nextInt(4) == 0 ? OTHER : ACME;
            long ago = switch (random.nextInt(4)) {
                case 0 -> random.nextLong(1_800_000);
                case 1 -> -random.nextLong(90_000);
                case 2 -> random.nextLong(Duration.ofDays(9).toMillis());
                default -> 0;
            };
            events.add(fixture.event(
                    tenant,
                    TYPES.get(random.nextInt(3)),
                    COUNTRIES.get(random.nextInt(3)),
                    fixture.time.millis() - ago));
        }
        return events;
    }

    private static StoredEvent[] events(StandingFixture fixture, SplittableRandom random) {
        return some(fixture, random).toArray(StoredEvent[]::new);
    }
}
