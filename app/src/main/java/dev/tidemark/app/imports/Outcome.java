package dev.tidemark.app.imports;

/** What became of records: how many were new, already there, or dead letters. */
record Outcome(long accepted, long duplicates, long deadLetters) {
    static final Outcome NONE = new Outcome(0, 0, 0);

    Outcome plus(Outcome other) {
        return new Outcome(accepted + other.accepted, duplicates + other.duplicates, deadLetters + other.deadLetters);
    }
}
