package dev.tidemark.operate;

import java.util.function.Supplier;

/**
 * One part of the server that must work for it to be ready.
 *
 * @param state answers within a second or two
 */
public record ReadinessPart(String name, Supplier<PartState> state) {}
