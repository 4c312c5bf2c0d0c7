package dev.tidemark.store;

/**
 * How much of the engine a statement may take.
 *
 * @param threads at most; 0 leaves it to the engine
 * @param priority statements of a higher number give way to those of a lower; 0 takes no part in that
 */
public record Effort(int threads, int priority) {
    public static final Effort USUAL = new Effort(0, 0);
}
