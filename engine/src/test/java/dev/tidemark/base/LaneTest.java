package dev.tidemark.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneTest {
    private static final TenantId HEAVY = new TenantId("heavy");
    private static final TenantId LIGHT = new TenantId("light");

    @Test
    void aFreePlaceGoesToWhoeverWaitsLongestSinceTheLastTurn() {
        Lane<TenantId> lane = new Lane<>(1, 1, 10, "full");
        List<String> order = new ArrayList<>();
        CompletableFuture<Void> first = enter(lane, HEAVY, "heavy 1", order);
        for (int i = 2; i <= 4; i++) {
            enter(lane, HEAVY, "heavy " + i, order);
        }
        enter(lane, LIGHT, "light 1", order);
        enter(lane, LIGHT, "light 2", order);
        assertThat(first).isCompleted();
        for (TenantId leaving : List.of(HEAVY, HEAVY, LIGHT, HEAVY, LIGHT, HEAVY)) {
            lane.leave(leaving);
        }
        assertThat(order).containsExactly("heavy 1", "heavy 2", "light 1", "heavy 3", "light 2", "heavy 4");
        assertThat(lane.taken()).isZero();
    }

    @Test
    void nobodyGetsMoreThanItsShareEvenOfFreePlaces() {
        Lane<TenantId> lane = new Lane<>(4, 3, 10, "full");
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            enter(lane, HEAVY, "heavy", order);
        }
        assertThat(order).hasSize(3);
        assertThat(enter(lane, LIGHT, "light", order)).isCompleted();
    }

    @Test
    void refusesWhoHasTooManyWaitingAndNobodyElse() {
        Lane<TenantId> lane = new Lane<>(1, 1, 2, "full");
        lane.enter(HEAVY);
        lane.enter(HEAVY);
        lane.enter(HEAVY);
        assertThatThrownBy(() -> lane.enter(HEAVY))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(lane.waiting()).isEqualTo(2);
        assertThat(lane.enter(LIGHT)).isNotCompleted();
    }

    @Test
    void whoGivesUpFreesThePlaceThatCameMeanwhile() {
        Lane<TenantId> lane = new Lane<>(1, 1, 2, "full");
        lane.enter(HEAVY);
        CompletableFuture<Void> waits = lane.enter(LIGHT);
        lane.giveUp(LIGHT, waits);
        assertThat(lane.waiting()).isZero();
        CompletableFuture<Void> late = lane.enter(LIGHT);
        lane.leave(HEAVY);
        assertThat(late).isCompleted();
        lane.giveUp(LIGHT, late);
        assertThat(lane.taken()).isZero();
    }

    /** Tenants of different greed ask and leave by a clock of the test's own. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void isFairWorkConservingAndBoundedWhateverComes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int places = 1 + random.nextInt(6);
        int share = 1 + random.nextInt(places);
        int waiting = 1 + random.nextInt(20);
        Lane<TenantId> lane = new Lane<>(places, share, waiting, "full");
        List<TenantId> tenants = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tenants.add(new TenantId("tenant-" + i));
        }
        PriorityQueue<Happening> happenings = new PriorityQueue<>(Comparator.comparingLong(Happening::at));
        for (int i = 0; i < 3_000; i++) {
            TenantId tenant = tenants.get(Math.min(random.nextInt(5), random.nextInt(5)));
            happenings.add(new Happening(random.nextLong(30_000), tenant, true));
        }
        Map<TenantId, ArrayDeque<CompletableFuture<Void>>> waits = new HashMap<>();
        Map<TenantId, Integer> running = new HashMap<>();
        Map<TenantId, Map<TenantId, Integer>> overtaken = new HashMap<>();
        int refused = 0;
        int answered = 0;
        while (!happenings.isEmpty()) {
            Happening now = happenings.remove();
            if (now.arrives) {
                ArrayDeque<CompletableFuture<Void>> line = waits.computeIfAbsent(now.tenant, _ -> new ArrayDeque<>());
                try {
                    line.add(lane.enter(now.tenant));
                } catch (TidemarkException e) {
                    assertThat(line).as("seed " + seed).hasSize(waiting);
                    refused++;
                }
            } else {
                running.merge(now.tenant, -1, Integer::sum);
                answered++;
                lane.leave(now.tenant);
            }
            for (TenantId tenant : tenants) {
                ArrayDeque<CompletableFuture<Void>> line = waits.getOrDefault(tenant, new ArrayDeque<>());
                while (!line.isEmpty() && line.element().isDone()) {
                    line.remove();
                    running.merge(tenant, 1, Integer::sum);
                    happenings.add(new Happening(now.at + 1 + random.nextLong(80), tenant, false));
                    overtaken.remove(tenant);
                    for (TenantId other : tenants) {
                        ArrayDeque<CompletableFuture<Void>> others = waits.getOrDefault(other, new ArrayDeque<>());
                        boolean waitsToo = !other.equals(tenant)
                                && !others.isEmpty()
                                && !others.element().isDone()
                                && running.getOrDefault(other, 0) < share;
                        if (waitsToo) {
                            overtaken
                                    .computeIfAbsent(other, _ -> new HashMap<>())
                                    .merge(tenant, 1, Integer::sum);
                        }
                    }
                }
            }
            int all = running.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(all).as("seed " + seed).isEqualTo(lane.taken()).isLessThanOrEqualTo(places);
            for (TenantId tenant : tenants) {
                assertThat(running.getOrDefault(tenant, 0)).as("seed " + seed).isLessThanOrEqualTo(share);
                boolean waitsInVain =
                        !waits.getOrDefault(tenant, new ArrayDeque<>()).isEmpty()
                                && running.getOrDefault(tenant, 0) < share;
                assertThat(waitsInVain && all < places).as("seed " + seed).isFalse();
            }
            overtaken
                    .values()
                    .forEach(by -> assertThat(by.values()).as("seed " + seed).allMatch(times -> times <= 1));
        }
        assertThat(answered + refused).isEqualTo(3_000);
        assertThat(lane.taken() + lane.waiting()).isZero();
    }

    private record Happening(long at, TenantId tenant, boolean arrives) {}

    private static CompletableFuture<Void> enter(
            Lane<TenantId> lane, TenantId tenant, String name, List<String> order) {
        CompletableFuture<Void> turn = lane.enter(tenant);
        turn.thenRun(() -> order.add(name));
        return turn;
    }
}
