package dev.tidemark.base;

/** Where an entry stands in the journal; stored with its row. Offsets start at 0 and have no gaps within a partition. */
public record JournalAddress(int partition, long offset) {}
