package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecentRefusalsTest {
    private static final TenantId ACME = new TenantId("acme");

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final RecentRefusals refusals = new RecentRefusals(time);

    @Test
    void whatIsAsLargeAsWhatWasRefusedIsRefusedUntilThereIsRoom() {
        refusals.note(ACME, 50_000, "", refused("events_per_second", Duration.ofMillis(800)));
        time.advance(Duration.ofMillis(300));
        TidemarkException again = refusals.of(ACME, 50_000, "").orElseThrow();
        assertThat(again.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(again.exceeded().orElseThrow().retryAfter()).isEqualTo(Duration.ofMillis(500));
        assertThat(again.exceeded().orElseThrow().headers()).containsEntry("RateLimit", "x");
        assertThat(refusals.of(ACME, 60_000, "")).isPresent();
        time.advance(Duration.ofMillis(500));
        assertThat(refusals.of(ACME, 60_000, "")).isEmpty();
    }

    @Test
    void whatIsSmallerOrOtherwiseCompressedOrOfAnotherTenantIsRead() {
        refusals.note(ACME, 50_000, "", refused("events_per_second", Duration.ofMillis(800)));
        assertThat(refusals.of(ACME, 49_999, "")).isEmpty();
        assertThat(refusals.of(ACME, 60_000, "gzip")).isEmpty();
        assertThat(refusals.of(new TenantId("globex"), 60_000, "")).isEmpty();
    }

    @Test
    void aRequestIsReadOnceASecondAtLeastHoweverLongTheWait() {
        refusals.note(ACME, 50_000, "", refused("events_per_second", Duration.ofMinutes(2)));
        time.advance(Duration.ofMillis(999));
        TidemarkException again = refusals.of(ACME, 50_000, "").orElseThrow();
        refusals.note(ACME, 50_000, "", again);
        time.advance(Duration.ofMillis(1));
        assertThat(refusals.of(ACME, 50_000, "")).isEmpty();
    }

    @Test
    void limitsOfAKeyAndOfAMonthAreAskedEachTime() {
        refusals.note(ACME, 50_000, "", refused("key_events_per_minute", Duration.ofSeconds(9)));
        refusals.note(
                ACME,
                50_000,
                "",
                new TidemarkException(
                        ErrorCode.QUOTA_EXCEEDED, "over", exceeded("events_per_month", Duration.ofHours(1))));
        refusals.note(ACME, 50_000, "", new TidemarkException(ErrorCode.MALFORMED_BODY, "not JSON"));
        assertThat(refusals.of(ACME, 50_000, "")).isEmpty();
    }

    private TidemarkException refused(String limit, Duration wait) {
        return new TidemarkException(ErrorCode.RATE_LIMITED, "too many", exceeded(limit, wait));
    }

    private Exceeded exceeded(String limit, Duration wait) {
        return new Exceeded(limit, 100, time.instant().plus(wait), wait, Map.of("RateLimit", "x"));
    }
}
