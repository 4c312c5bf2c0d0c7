package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PositionsTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");

    private final Positions positions = new Positions();

    @Test
    void knowsNothingBeforeTheFirstEvent() {
        assertThat(positions.of(ACME)).isEqualTo(-1);
        assertThat(positions.lastTouch(ACME, 0, Long.MAX_VALUE)).isEqualTo(-1);
    }

    @Test
    void tellsWhichOffsetTouchedARangeLast() {
        positions.advance(ACME, 10, at("2026-03-01T10:00:00Z"), at("2026-03-02T10:00:00Z"));
        positions.advance(ACME, 20, at("2026-03-05T00:00:00Z"), at("2026-03-05T23:59:59.999Z"));

        assertThat(positions.of(ACME)).isEqualTo(20);
        assertThat(touch("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")).isEqualTo(10);
        assertThat(touch("2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z")).isEqualTo(-1);
        assertThat(touch("2026-03-03T00:00:00Z", "2026-03-05T00:00:00.001Z")).isEqualTo(20);
        assertThat(touch("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).isEqualTo(20);
        assertThat(positions.of(OTHER)).isEqualTo(-1);
    }

    @Test
    void neverMovesBack() {
        positions.advance(ACME, 20, at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z"));
        positions.advance(ACME, 10, at("2026-03-01T10:00:00Z"), at("2026-03-01T10:00:00Z"));
        assertThat(positions.of(ACME)).isEqualTo(20);
        assertThat(touch("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")).isEqualTo(20);
    }

    @Test
    void treatsEveryDayAsTouchedOnceThereAreTooManyToRemember() {
        long day = 86_400_000L;
        for (int i = 0; i < 5000; i++) {
            positions.advance(ACME, i, i * day, i * day);
        }
        assertThat(positions.lastTouch(ACME, 0, day)).isGreaterThanOrEqualTo(4096);
        positions.advance(ACME, 9000, 0, 20_000 * day);
        assertThat(positions.lastTouch(ACME, 7777 * day, 7778 * day)).isEqualTo(9000);
    }

    private long touch(String from, String to) {
        return positions.lastTouch(ACME, at(from), at(to));
    }

    private static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
