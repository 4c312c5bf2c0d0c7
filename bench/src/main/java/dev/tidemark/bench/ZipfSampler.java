package dev.tidemark.bench;

import java.util.random.RandomGenerator;

/**
 * Draws ranks 0..n-1 where rank k has a probability proportional to 1 / (k + 1)^s. Constant time a draw, by Walker's alias
 * method as built by Vose (1991). Immutable, so thread-safe.
 */
final class ZipfSampler {
    private final double[] keep;
    private final int[] alias;

    ZipfSampler(int ranks, double exponent) {
        if (ranks < 1) {
            throw new IllegalArgumentException("ranks: at least 1, not " + ranks);
        }
        keep = new double[ranks];
        alias = new int[ranks];
        double total = 0;
        for (int rank = 0; rank < ranks; rank++) {
            keep[rank] = Math.pow(rank + 1.0, -exponent);
            total += keep[rank];
        }
        int[] worklist = new int[ranks];
        int small = 0;
        int large = ranks;
        for (int rank = 0; rank < ranks; rank++) {
            keep[rank] *= ranks / total;
            worklist[keep[rank] < 1 ? small++ : --large] = rank;
        }
        while (small > 0 && large < ranks) {
            int poor = worklist[--small];
            int rich = worklist[large];
            alias[poor] = rich;
            keep[rich] -= 1 - keep[poor];
            if (keep[rich] < 1) {
                large++;
                worklist[small++] = rich;
            }
        }
        // What remains is 1 up to rounding.
        while (small > 0) {
            keep[worklist[--small]] = 1;
        }
        while (large < ranks) {
            keep[worklist[large++]] = 1;
        }
    }

    int next(RandomGenerator random) {
        double point = random.nextDouble() * keep.length;
        int column = (int) point;
        return point - column < keep[column] ? column : alias[column];
    }
}
