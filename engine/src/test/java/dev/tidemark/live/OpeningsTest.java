package dev.tidemark.live;

import static dev.tidemark.live.StandingFixture.ACME;
import static dev.tidemark.live.StandingFixture.OTHER;
import static dev.tidemark.live.StandingFixture.OVERVIEW;
import static dev.tidemark.live.StandingFixture.PAUSE;
import static dev.tidemark.live.StandingFixture.count;
import static dev.tidemark.live.StandingFixture.lockedTo;
import static dev.tidemark.live.StandingFixture.modes;
import static dev.tidemark.live.StandingFixture.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.report.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OpeningsTest {
    private static final List<String> STANDING = List.of("standing", "standing", "standing");

    @TempDir
    Path directory;

    @Test
    void whoComesWhileOthersWatchDoesNotWaitForTheStore() {
        try (StandingFixture fixture = new StandingFixture(directory, new InThisThread())) {
            Report report = fixture.report(ACME, OVERVIEW);
            fixture.watch(report);
            fixture.accept(
                    fixture.event(ACME, "view", "DE"),
                    fixture.event(ACME, "view", "FR"),
                    fixture.event(OTHER, "view", "DE"));
            fixture.store();
            fixture.accept(
                    fixture.event(ACME, "view", "DE"),
                    fixture.event(ACME, "view", "FR"),
                    fixture.event(OTHER, "view", "DE"));
            ReadSink germany = fixture.watch(report, lockedTo("DE"));
            assertThat(modes(germany)).isEqualTo(STANDING);
            assertThat(count(germany, 0)).isEqualTo(2);
            fixture.accept(fixture.event(ACME, "view", "DE"));
            fixture.pass(PAUSE);
            assertThat(count(germany, 0)).isEqualTo(3);
            fixture.store();
            assertThat(seen(germany)).isEqualTo(fixture.fresh(report, lockedTo("DE")));
        }
    }

    @Test
    void whatWillNotBeInTheStoreIsNotShownToThoseWhoComeLaterEither() {
        try (StandingFixture fixture = new StandingFixture(directory, new InThisThread())) {
            Report report = fixture.report(ACME, OVERVIEW);
            fixture.watch(report);
            fixture.accept(fixture.event(ACME, "view", "DE"));
            fixture.setAside();
            ReadSink germany = fixture.watch(report, lockedTo("DE"));
            assertThat(modes(germany)).isEqualTo(STANDING);
            assertThat(count(germany, 0)).isZero();
            assertThat(seen(germany)).isEqualTo(fixture.fresh(report, lockedTo("DE")));
        }
    }

    @Test
    void aCrowdWaitsForFewStatementsAndTenantsAreNeverAskedForTogether() throws InterruptedException {
        int crowd = 12;
        try (StandingFixture fixture = new StandingFixture(directory, Executors.newVirtualThreadPerTaskExecutor())) {
            CountDownLatch busy = new CountDownLatch(1);
            fixture.store.beforeBeginning = () -> {
                try {
                    assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            };
            record Watcher(ReadSink sink, Report report, String country) {}
            List<Watcher> watchers = new ArrayList<>();
            for (TenantId tenant : List.of(ACME, OTHER)) {
                fixture.accept(fixture.event(tenant, "view", "C3"), fixture.event(tenant, "view", "C7"));
            }
            fixture.store();
            for (TenantId tenant : List.of(ACME, OTHER)) {
                Report report = fixture.report(tenant, OVERVIEW);
                for (int i = 0; i < crowd; i++) {
                    watchers.add(new Watcher(fixture.watch(report, lockedTo("C" + i)), report, "C" + i));
                }
            }
            busy.countDown();
            while (!watchers.stream().allMatch(each -> modes(each.sink).equals(STANDING))) {
                fixture.pass(Duration.ofMillis(50));
                LockSupport.parkNanos(5_000_000);
            }
            assertThat(fixture.store.begun).hasValue(2 * 3 * crowd);
            assertThat(fixture.store.statements.get()).isLessThanOrEqualTo(8 + 2 * 3);
            assertThat(watchers)
                    .allSatisfy(each ->
                            assertThat(seen(each.sink)).isEqualTo(fixture.fresh(each.report, lockedTo(each.country))));
        }
    }
}
