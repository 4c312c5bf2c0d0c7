package dev.tidemark.store;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.JournalAddress;

/** A dead letter with its address. */
public record StoredDeadLetter(DeadLetter deadLetter, JournalAddress address) {}
