package dev.tidemark.store;

/**
 * How much of the engine a statement may take.
 *
 * @param threads at most; 0 leaves it to the engine
 * @param priority statements of a higher number give way to those of a lower; 0 takes no part in that
 */
public record Effort(int threads, int priority) {
    public static final Effort USUAL = new Effort(0, 0);

    private static final int FIRST = 1;
    private static final int NICE = 10;

    /**
     * The niceness of the statement's threads: one that gives way and shares the cores with others gives way on the cores too, where a priority only
     * counts between one block and the next. Takes effect where the engine may change niceness (CAP_SYS_NICE), else none.
     */
    int niceness() {
        return threads > 0 && priority > FIRST ? NICE : 0;
    }
}
