package dev.tidemark.app.imports;

/**
 * What an import did.
 *
 * @param lines of the file
 * @param accepted events that were new to the server
 * @param duplicates records that were on the server already
 * @param deadLetters records of the file that are no events, whenever they were sent
 */
public record ImportSummary(long lines, long accepted, long duplicates, long deadLetters) {}
