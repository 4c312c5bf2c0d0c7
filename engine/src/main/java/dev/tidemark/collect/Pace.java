package dev.tidemark.collect;

/** Says how long answers to events of a journal partition are held back, so that what is downstream can follow. Never blocks; thread-safe. */
@FunctionalInterface
public interface Pace {
    /** Answers at once. */
    Pace UNHELD = _ -> 0;

    /** Milliseconds, 0 for at once. */
    long delayMillis(int partition);
}
