package dev.tidemark.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One kill -9.
 *
 * @param after how long after the server was ready, or after its process was started
 * @param duringStart whether the server's recovery from the strike before is not waited for
 */
record Strike(Target target, Duration after, boolean duringStart) {
    private static final int LONGEST_RUN_MILLIS = 4000;
    private static final int LONGEST_START_MILLIS = 2500;
    private static final double SHARE_DURING_START = 0.2;

    /** What is killed. */
    enum Target {
        SERVER,
        ENGINE,
        BOTH;

        boolean server() {
            return this != ENGINE;
        }

        boolean engine() {
            return this != SERVER;
        }
    }

    /** Strikes at random moments, the same for the same seed. Every target occurs within three rounds of normal running. */
    static List<Strike> plan(long seed, int rounds) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Strike> strikes = new ArrayList<>();
        List<Target> hand = new ArrayList<>();
        boolean serverStarts = false;
        for (int round = 0; round < rounds; round++) {
            boolean duringStart = serverStarts && random.nextDouble() < SHARE_DURING_START;
            if (hand.isEmpty()) {
                hand.addAll(List.of(Target.values()));
            }
            Target target = duringStart ? Target.BOTH : hand.remove(random.nextInt(hand.size()));
            int longest = duringStart ? LONGEST_START_MILLIS : LONGEST_RUN_MILLIS;
            strikes.add(new Strike(target, Duration.ofMillis(random.nextInt(longest)), duringStart));
            serverStarts = target.server();
        }
        return strikes;
    }
}
