package dev.tidemark.operate;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One part of the server that must work for it to be ready.
 *
 * @param trouble what is wrong now; empty when nothing is. Answers within a second or two
 */
public record ReadinessPart(String name, Supplier<Optional<String>> trouble) {}
