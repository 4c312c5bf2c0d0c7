package dev.tidemark.process;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kills one life of a processor at a random one of its effects on the state and the store, before or after it happens; from
 * then on that life has no effect on anything, as if its process were gone. Until then inserts and commits fail at
 * random, before or after they happen. Thread-safe.
 */
final class Fate {
    private final Random random;
    private final double faults;
    private int effectsLeft;
    private boolean dead;

    Fate(long seed, int effects, double faults) {
        this.random = new Random(seed);
        this.effectsLeft = effects;
        this.faults = faults;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Runs an effect, or kills instead of it, or kills after it. */
    synchronized <T> T effect(Supplier<T> effect) {
        if (dead) {
            throw gone();
        }
        if (effectsLeft-- > 0) {
            return effect.get();
        }
        dead = true;
        if (random.nextBoolean()) {
            T _ = effect.get();
        }
        throw gone();
    }

    /** An insert, which may fail without a death. */
    void insert(Runnable insert) {
        uncertain(insert, ErrorCode.ENGINE_UNAVAILABLE);
    }

    private synchronized void uncertain(Runnable change, ErrorCode code) {
        boolean _ = effect(() -> {
            boolean fails = random.nextDouble() < faults;
            if (!fails || random.nextBoolean()) {
                change.run();
            }
            if (fails) {
                throw new TidemarkException(code, "injected");
            }
            return true;
        });
    }

    State over(State state) {
        return new MortalState(state);
    }

    private static TidemarkException gone() {
        return new TidemarkException(ErrorCode.SHUTTING_DOWN, "this life is over");
    }

    private final class MortalState implements State {
        private final State state;

        private MortalState(State state) {
            this.state = state;
        }

        @Override
        public String instance() {
            return state.instance();
        }

        @Override
        public long cursor(int partition) {
            return state.cursor(partition);
        }

        @Override
        public boolean[] known(int partition, List<byte[]> idKeys) {
            return effect(() -> state.known(partition, idKeys));
        }

        @Override
        public List<byte @Nullable []> traits(List<byte[]> userKeys) {
            return effect(() -> state.traits(userKeys));
        }

        @Override
        public void commit(Change change) {
            uncertain(() -> state.commit(change), ErrorCode.STORAGE_FAILED);
        }

        @Override
        public List<OutboxItem> outbox(int partition) {
            return state.outbox(partition);
        }

        @Override
        public void delivered(OutboxItem item) {
            boolean _ = effect(() -> {
                state.delivered(item);
                return true;
            });
        }

        @Override
        public void quarantine(OutboxItem item) {
            throw new AssertionError("nothing is to be set aside here");
        }

        @Override
        public List<Erasure> erasures() {
            return state.erasures();
        }

        @Override
        public void erase(Erasure erasure) {
            uncertain(() -> state.erase(erasure), ErrorCode.STORAGE_FAILED);
        }

        @Override
        public void forget(Erasure erasure) {
            uncertain(() -> state.forget(erasure), ErrorCode.STORAGE_FAILED);
        }

        @Override
        public void forgetTraits(List<byte[]> userKeys) {
            uncertain(() -> state.forgetTraits(userKeys), ErrorCode.STORAGE_FAILED);
        }

        @Override
        public Map<byte[], byte[]> tallies(int partition) {
            return state.tallies(partition);
        }

        @Override
        public void forgetTallies(List<byte[]> keys) {
            state.forgetTallies(keys);
        }

        @Override
        public void compact() {
            state.compact();
        }

        @Override
        public boolean hasQuarantined() {
            return false;
        }

        @Override
        public void forgetIds(int partition, long endMillis) {
            boolean _ = effect(() -> {
                state.forgetIds(partition, endMillis);
                return true;
            });
        }

        @Override
        public void close() {
            state.close();
        }
    }
}
