package dev.tidemark.app.imports;

/**
 * A place in a file up to which everything is on the server.
 *
 * @param lines how many lines precede it
 * @param digest of all bytes before it, in hexadecimal
 * @param deadLetters how many of the records before it became dead letters
 */
record Checkpoint(long lines, String digest, long deadLetters) {
    static final Checkpoint START = new Checkpoint(0, "", 0);
}
