package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every report store must do. */
abstract class AbstractReportStoreContract {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Widget WIDGET = new Widget(
            "w1",
            Widget.Type.TREND,
            "Views \"quoted\" \u2713",
            new ObjectMapper().createObjectNode().put("type", "trend"),
            Widget.Display.BAR,
            new Widget.Layout(6, 2, 6, 4));
    private static final Controls CONTROLS =
            new Controls(true, 90, List.of("country"), List.of("properties.plan"), Controls.DrillDown.EVENTS);

    abstract ReportStore store();

    @Test
    void givesAReportBackAsItWas() {
        Report report = report(ACME, "r1", NOON);
        store().add(report);
        assertThat(store().find(ACME, report.id())).contains(report);
    }

    @Test
    void keepsTenantsApartEvenWithTheSameId() {
        Report ours = report(ACME, "r1", NOON);
        store().add(ours);
        assertThat(store().find(OTHER, ours.id())).isEmpty();
        assertThat(store().remove(OTHER, ours.id())).isFalse();
        assertThat(store().replace(report(OTHER, "r1", NOON).changed("theirs", List.of(), NOON)))
                .isFalse();
        store().add(report(OTHER, "r1", NOON));
        assertThat(store().remove(OTHER, ours.id())).isTrue();
        assertThat(store().list(ACME)).containsExactly(ours);
    }

    @Test
    void refusesAnIdThatIsTaken() {
        store().add(report(ACME, "r1", NOON));
        assertThatThrownBy(() -> store().add(report(ACME, "r1", NOON))).isInstanceOf(TidemarkException.class);
    }

    @Test
    void listsReportsOldestFirst() {
        Report second = report(ACME, "r1", NOON.plusSeconds(1));
        Report first = report(ACME, "r2", NOON);
        store().add(second);
        store().add(first);
        assertThat(store().list(ACME)).containsExactly(first, second);
    }

    @Test
    void replacesOnlyTheVersionBefore() {
        Report first = report(ACME, "r1", NOON);
        store().add(first);
        Report second = first.changed("second", List.of(), NOON.plusSeconds(1));
        assertThat(store().replace(second)).isTrue();
        assertThat(store().replace(first.changed("late", List.of(), NOON))).isFalse();
        assertThat(store().find(ACME, first.id())).contains(second);
    }

    @Test
    void letsOneOfManyConcurrentWritersWin() {
        Report first = report(ACME, "r1", NOON);
        store().add(first);
        AtomicInteger winners = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 20; writer++) {
                String name = "writer " + writer;
                threads.submit(() -> {
                    if (store().replace(first.changed(name, List.of(), NOON))) {
                        winners.incrementAndGet();
                    }
                });
            }
        }
        assertThat(winners).hasValue(1);
    }

    @Test
    void removesForGood() {
        Report report = report(ACME, "r1", NOON);
        store().add(report);
        assertThat(store().remove(ACME, report.id())).isTrue();
        assertThat(store().remove(ACME, report.id())).isFalse();
        assertThat(store().find(ACME, report.id())).isEmpty();
    }

    private static Report report(TenantId tenant, String id, Instant createdAt) {
        return new Report(tenant, new ReportId(id), "Überblick", 1, List.of(WIDGET), CONTROLS, createdAt, createdAt);
    }
}
