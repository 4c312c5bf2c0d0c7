package dev.tidemark.journal;

import org.jspecify.annotations.Nullable;

class MemoryJournalTest extends AbstractJournalContract {
    private @Nullable MemoryJournal journal;

    @Override
    protected Journal open(int partitions) {
        journal = journal == null ? new MemoryJournal(partitions) : journal.reopen();
        return journal;
    }

    @Override
    protected Journal openBounded(long maxBytes) {
        return new MemoryJournal(1, maxBytes);
    }
}
