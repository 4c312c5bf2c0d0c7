package dev.tidemark.store;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalAddress;

/**
 * An event with all that the store keeps of it.
 *
 * @param person hash of the user id, else of the anonymous id; 0 for an event without either
 * @param userTraits what was known of the user as of the event
 */
public record StoredEvent(Event event, JournalAddress address, long person, Attributes userTraits) {}
