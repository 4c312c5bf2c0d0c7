package dev.tidemark.journal;

import dev.tidemark.base.JournalEntry;

/**
 * Entries as the bytes that the journal carries: Avro binary of the schema {@code entry.avsc}, a union of Event and
 * DeadLetter, field by field in the schema's order. Thread-safe.
 */
public final class EntryCodec {
    static final int EVENT = 0;
    static final int DEAD_LETTER = 1;
    private static final int FEW_PLACES = 16;

    /** One entry by itself; {@link EntryWriter} is for many. */
    public byte[] encode(JournalEntry entry) {
        return new EntryWriter().write(entry);
    }

    /** One entry by itself; {@link EntryReader} is for many. Fails with {@code INTERNAL} for bytes that {@link #encode} did not make. */
    public JournalEntry decode(byte[] bytes) {
        return new EntryReader(FEW_PLACES).read(bytes);
    }
}
