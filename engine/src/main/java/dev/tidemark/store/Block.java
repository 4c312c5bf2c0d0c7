package dev.tidemark.store;

/**
 * A batch of rows, encoded, with the token that makes its insert idempotent.
 *
 * @param token stable for the same journal entries, across restarts
 * @param table the table it goes to
 * @param rows how many
 * @param payload the bytes that are sent; belongs to the block
 */
public record Block(String token, Table table, int rows, byte[] payload) {}
