package dev.tidemark.journal;

/** One entry as it was appended, with its offset. The bytes belong to the reader. */
public record JournalRecord(long offset, byte[] bytes) {}
