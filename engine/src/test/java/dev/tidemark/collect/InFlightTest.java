package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class InFlightTest {

    @Test
    void holdsNoMoreThanTheBound() {
        InFlight inFlight = new InFlight(100, 0);
        try (InFlight.Hold first = inFlight.open(new InFlight.Owner(new TenantId("acme")));
                InFlight.Hold second = inFlight.open(new InFlight.Owner(new TenantId("globex")))) {
            assertThat(first.grow(60)).isTrue();
            assertThat(second.grow(41)).isFalse();
            assertThat(second.grow(40)).isTrue();
            assertThat(inFlight.bytes()).isEqualTo(100);
            first.close();
            assertThat(inFlight.bytes()).isEqualTo(40);
            assertThat(first.grow(1)).isFalse();
        }
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void oneOwnerLeavesRoomForTheOthers() {
        InFlight inFlight = new InFlight(100, 0);
        try (InFlight.Hold first = inFlight.open(new InFlight.Owner(new TenantId("acme")));
                InFlight.Hold second = inFlight.open(new InFlight.Owner(new TenantId("acme")));
                InFlight.Hold other = inFlight.open(new InFlight.Owner(new TenantId("globex")))) {
            assertThat(first.grow(70)).isTrue();
            assertThat(second.grow(6)).isFalse();
            assertThat(second.grow(5)).isTrue();
            assertThat(other.grow(25)).isTrue();
            first.close();
            assertThat(second.grow(70)).isTrue();
        }
        assertThat(inFlight.bytes()).isZero();
        try (InFlight.Hold again = inFlight.open(new InFlight.Owner(new TenantId("acme")))) {
            assertThat(again.grow(75)).isTrue();
        }
    }

    @Test
    void countsWhatABodyInflatesTo() {
        CollectConfig config = new CollectConfig(null, 0, new ByteSize(Limits.REQUEST_BYTES), Desk.CONFIG.maskingKey());
        byte[] body = new byte[3 << 20];
        java.util.Arrays.fill(body, (byte) ' ');
        try (Desk desk = new Desk(new FixedTenants(), config, FixedTime.NOON, (_, _, _, _) -> Set.of());
                InFlight.Hold other = desk.hold()) {
            assertThat(other.grow(2 << 20)).isTrue();
            Submission bomb = new Submission(
                    Submission.Kind.EVENTS,
                    NativeFormat.INSTANCE,
                    FuzzBodies.gzip(body),
                    FixedTenants.SECRET_KEY,
                    null,
                    null,
                    null,
                    "gzip",
                    null,
                    null,
                    false,
                    "c");
            assertThatThrownBy(() -> desk.send(bomb))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
    }

    @Test
    void refusesABoundBelowOneRequest() {
        assertThatThrownBy(() -> new CollectConfig(null, 0, new ByteSize(1), Desk.CONFIG.maskingKey()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains("max-in-flight"));
        assertThatThrownBy(() ->
                        new CollectConfig(null, -1, CollectConfig.DEFAULT_MAX_IN_FLIGHT, Desk.CONFIG.maskingKey()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.field()).contains("trusted-proxies"));
    }
}
