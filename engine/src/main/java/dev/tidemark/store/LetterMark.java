package dev.tidemark.store;

import org.jspecify.annotations.Nullable;

/**
 * What is to be noted of a dead letter that was tried again.
 *
 * @param id of the letter; all letters of that id are marked
 * @param replayed whether it is done with; else it stays open
 * @param outcome in a word
 * @param reason why it is still no event, {@code field} and {@code message} with it; null to leave the former
 */
public record LetterMark(
        String id,
        boolean replayed,
        String outcome,
        @Nullable String reason,
        @Nullable String field,
        @Nullable String message) {}
