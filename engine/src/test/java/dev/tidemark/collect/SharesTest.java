package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.TenantId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is held back while the store falls behind, and who is not. */
final class SharesTest {
    private static final TenantId FLOOD = new TenantId("flood");

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final Shares shares = new Shares(time);

    @Test
    void whoSendsAloneHasAFullShare() {
        shares.add(FLOOD, 1);
        assertThat(shares.hasFull(FLOOD)).isTrue();
    }

    @Test
    void aFloodHasMoreThanItsShareAndItsNeighboursHaveLess() {
        shares.add(FLOOD, 50_000);
        for (int neighbour = 0; neighbour < 12; neighbour++) {
            shares.add(neighbour(neighbour), 20);
        }
        assertThat(shares.hasFull(FLOOD)).isTrue();
        for (int neighbour = 0; neighbour < 12; neighbour++) {
            assertThat(shares.hasFull(neighbour(neighbour))).isFalse();
        }
    }

    @Test
    void whoSendAlikeAreTreatedAlike() {
        for (int neighbour = 0; neighbour < 12; neighbour++) {
            shares.add(neighbour(neighbour), 500);
        }
        for (int neighbour = 0; neighbour < 12; neighbour++) {
            assertThat(shares.hasFull(neighbour(neighbour))).isTrue();
        }
    }

    @Test
    void aFloodThatIsOverIsForgottenWithinTwoSeconds() {
        shares.add(FLOOD, 50_000);
        time.advance(Duration.ofSeconds(1));
        shares.add(neighbour(1), 20);
        assertThat(shares.hasFull(neighbour(1))).isFalse();
        time.advance(Duration.ofSeconds(1));
        shares.add(neighbour(1), 20);
        assertThat(shares.hasFull(neighbour(1))).isTrue();
    }

    private static TenantId neighbour(int number) {
        return new TenantId("neighbour-" + number);
    }
}
