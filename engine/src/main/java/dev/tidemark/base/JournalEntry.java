package dev.tidemark.base;

/** What the journal carries. */
public sealed interface JournalEntry permits Event, DeadLetter {
    TenantId tenant();

    long receivedAtMillis();
}
