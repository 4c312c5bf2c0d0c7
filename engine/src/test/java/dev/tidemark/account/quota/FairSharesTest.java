package dev.tidemark.account.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tenants that send against a machine that becomes as busy as what it takes makes it, in virtual time. */
final class FairSharesTest {
    private static final TenantId FLOOD = new TenantId("flood");
    private static final TenantId OTHER = new TenantId("other");
    private static final TenantId SMALL = new TenantId("small");
    /** Of the machine that is played. */
    private static final double CAPACITY = 200_000;

    private static final int EVENTS_A_REQUEST = 500;

    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final Map<TenantId, Long> wants = new HashMap<>();
    private final Map<TenantId, Double> owed = new HashMap<>();
    private final Map<TenantId, Long> taken = new HashMap<>();
    private final Map<TenantId, Long> refused = new HashMap<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private double load;
    private double ofOthers;
    private final FairShares shares = new FairShares(FairnessSettings.busyFrom(0.55), () -> load, time, meters);

    @Test
    void whoIsAloneTakesAllOfABusyMachine() {
        wants.put(FLOOD, 180_000L);
        pass(Duration.ofSeconds(30));
        assertThat(perSecond(FLOOD, 30)).isCloseTo(180_000, within(2_000.0));
        assertThat(refused).isEmpty();
        assertThat(meters.get("tidemark.fairness.level").gauge().value()).isInfinite();
    }

    @Test
    void aFloodIsHeldToWhatLeavesTheMachineRoomAndNobodyElseIs() {
        wants.put(FLOOD, 180_000L);
        wants.put(SMALL, 1_000L);
        pass(Duration.ofSeconds(10));
        forget();
        pass(Duration.ofSeconds(60));
        assertThat(perSecond(FLOOD, 60)).isBetween(0.4 * CAPACITY, 0.6 * CAPACITY);
        assertThat(perSecond(SMALL, 60)).isCloseTo(1_000, within(10.0));
        assertThat(refused).containsOnlyKeys(FLOOD);
    }

    @Test
    void floodsGetTheSameAndNobodyElseIsHeldBack() {
        wants.put(FLOOD, 100_000L);
        wants.put(OTHER, 80_000L);
        wants.put(SMALL, 1_000L);
        pass(Duration.ofSeconds(10));
        forget();
        pass(Duration.ofSeconds(60));
        double both = perSecond(FLOOD, 60) + perSecond(OTHER, 60);
        assertThat(both).isBetween(0.4 * CAPACITY, 0.65 * CAPACITY);
        assertThat(perSecond(FLOOD, 60)).isCloseTo(perSecond(OTHER, 60), within(0.1 * both));
        assertThat(refused).doesNotContainKey(SMALL);
    }

    @Test
    void allThatSendAlikeTakeEverythingTogether() {
        wants.put(FLOOD, 90_000L);
        wants.put(OTHER, 90_000L);
        pass(Duration.ofSeconds(30));
        assertThat(perSecond(FLOOD, 30) + perSecond(OTHER, 30)).isCloseTo(180_000, within(2_000.0));
        assertThat(refused).isEmpty();
    }

    @Test
    void whoOnlyAsksNeedsRoomTooUntilItAsksNoMore() {
        wants.put(FLOOD, 180_000L);
        shares.asks(SMALL);
        pass(Duration.ofSeconds(10));
        assertThat(refused).containsOnlyKeys(FLOOD);
        pass(Duration.ofSeconds(25));
        forget();
        pass(Duration.ofSeconds(10));
        assertThat(refused).isEmpty();
        assertThat(perSecond(FLOOD, 10)).isCloseTo(180_000, within(2_000.0));
    }

    @Test
    void nobodyIsHeldBackOnceThePressureIsOver() {
        wants.put(FLOOD, 180_000L);
        wants.put(SMALL, 1_000L);
        pass(Duration.ofSeconds(20));
        assertThat(refused).containsOnlyKeys(FLOOD);
        wants.put(FLOOD, 20_000L);
        pass(Duration.ofSeconds(15));
        forget();
        pass(Duration.ofSeconds(60));
        assertThat(refused).isEmpty();
        assertThat(perSecond(FLOOD, 60)).isCloseTo(20_000, within(500.0));
        assertThat(meters.get("tidemark.fairness.level").gauge().value()).isInfinite();
    }

    @Test
    void aMachineThatOthersKeepBusyStillTakesAnEqualShare() {
        wants.put(FLOOD, 100_000L);
        wants.put(SMALL, 1_000L);
        pass(Duration.ofSeconds(5));
        ofOthers = 1;
        pass(Duration.ofSeconds(20));
        forget();
        pass(Duration.ofSeconds(20));
        assertThat(perSecond(FLOOD, 20)).isCloseTo(50_000, within(3_000.0));
    }

    @Test
    void whatIsRefusedIsTakenWhenItIsSentAgainAfterTheDelayThatWasTold() {
        wants.put(FLOOD, 180_000L);
        wants.put(SMALL, 1_000L);
        pass(Duration.ofSeconds(10));
        int tries = 0;
        while (shares.enter(FLOOD) instanceof FairShare.Entry.In in) {
            in.turn().took(EVENTS_A_REQUEST);
            tries++;
        }
        assertThat(tries).isLessThan(1_000);
        FairShare.Entry.Wait told = (FairShare.Entry.Wait) shares.enter(FLOOD);
        assertThat(told.delay()).isPositive().isLessThan(Duration.ofSeconds(11));
        time.advance(told.delay());
        assertThat(shares.enter(FLOOD)).isInstanceOf(FairShare.Entry.In.class);
    }

    @Test
    void switchedOffItNeverHoldsAnyoneBack() {
        FairShares off = new FairShares(FairnessSettings.busyFrom(0), () -> 1, time, meters);
        off.asks(SMALL);
        for (int look = 0; look < 40; look++) {
            FairShare.Entry entry = off.enter(FLOOD);
            assertThat(entry).isInstanceOf(FairShare.Entry.In.class);
            ((FairShare.Entry.In) entry).turn().took(1_000_000);
            time.advance(FairShares.PERIOD);
            off.look();
        }
    }

    /** Everyone sends what it wants in requests of 500 events; what is refused is not sent again. */
    private void pass(Duration length) {
        long looks = length.dividedBy(FairShares.PERIOD);
        int steps = 25;
        for (long look = 0; look < looks; look++) {
            long before = sum();
            for (int step = 0; step < steps; step++) {
                time.advance(FairShares.PERIOD.dividedBy(steps));
                wants.forEach((tenant, perSecond) -> {
                    owed.merge(tenant, perSecond / 4.0 / steps, Double::sum);
                    while (owed.getOrDefault(tenant, 0.0) >= EVENTS_A_REQUEST) {
                        owed.merge(tenant, -1.0 * EVENTS_A_REQUEST, Double::sum);
                        send(tenant);
                    }
                });
            }
            load = Math.min(1, ofOthers + (sum() - before) * 4 / CAPACITY);
            shares.look();
        }
    }

    private void send(TenantId tenant) {
        switch (shares.enter(tenant)) {
            case FairShare.Entry.In in -> {
                in.turn().took(EVENTS_A_REQUEST);
                taken.merge(tenant, (long) EVENTS_A_REQUEST, Long::sum);
            }
            case FairShare.Entry.Wait _ -> refused.merge(tenant, 1L, Long::sum);
        }
    }

    private long sum() {
        return taken.values().stream().mapToLong(Long::longValue).sum();
    }

    private void forget() {
        taken.clear();
        refused.clear();
    }

    private double perSecond(TenantId tenant, double seconds) {
        return taken.getOrDefault(tenant, 0L) / seconds;
    }
}
