package dev.tidemark.collect;

import dev.tidemark.base.Attributes;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event as it was read from a body: its parts in their places, nothing decided yet but what was wrong on reading. Filled by
 * one reader, then only read.
 */
final class RawEvent {
    /** No time was given. */
    static final long ABSENT = Long.MIN_VALUE;

    /** The body that it stands in, from {@link #start} to {@link #end}. */
    final byte[] source;

    final int start;
    int end;

    /** Whether texts must be looked at character by character, because the body has escapes. */
    final boolean escapes;

    @Nullable
    String type;

    @Nullable
    String eventId;

    @Nullable
    String userId;

    @Nullable
    String anonymousId;

    @Nullable
    String sessionId;

    @Nullable
    String key;

    long timestamp = ABSENT;
    long sentAt = ABSENT;
    Attributes properties = Attributes.NONE;
    Attributes traits = Attributes.NONE;
    boolean setsTraits;

    /** The member of the event that its schema describes. */
    String described = "properties";

    /** Members that are not known and were left out. */
    int ignored;

    /** What the person agreed to, by category in lower case; null where nothing is said. */
    @Nullable
    Map<String, Boolean> consent;

    private final Map<RawContext, String> context = new EnumMap<>(RawContext.class);
    private @Nullable SegmentCall segment;
    private @Nullable Fault fault;
    private long seen;
    private final Set<RawContext> fromProperties = EnumSet.noneOf(RawContext.class);

    RawEvent(byte[] source, int start, boolean escapes) {
        this.source = source;
        this.start = start;
        this.end = start;
        this.escapes = escapes;
    }

    @Nullable
    String context(RawContext which) {
        return context.get(which);
    }

    void context(RawContext which, @Nullable String value) {
        if (value != null) {
            context.put(which, value);
        }
    }

    /** Takes what it does not say of its circumstances itself from the envelope that it came in. */
    void inherit(RawEvent envelope) {
        envelope.context.forEach(context::putIfAbsent);
        if (consent == null) {
            consent = envelope.consent;
        }
    }

    SegmentCall segment() {
        if (segment == null) {
            segment = new SegmentCall();
        }
        return segment;
    }

    void contextFromProperty(RawContext which, String value) {
        context.put(which, value);
        fromProperties.add(which);
    }

    /** The property that a part of the context was taken from, for want of one in the context; null where it was there. */
    @Nullable
    String pageProperty(RawContext which) {
        return fromProperties.contains(which) ? "properties." + which.path().substring("context.page.".length()) : null;
    }

    boolean deniesConsent(String category) {
        return consent != null && Boolean.FALSE.equals(consent.get(category.toLowerCase(Locale.ROOT)));
    }

    /** The first thing that was wrong. */
    @Nullable
    Fault fault() {
        return fault;
    }

    void fault(RejectReason reason, String field, String message) {
        if (fault == null) {
            fault = new Fault(reason, field, message);
        }
    }

    /** Notes that a member was there; a second time is a fault. */
    void seen(int member, String name) {
        long bit = 1L << member;
        if ((seen & bit) != 0) {
            fault(RejectReason.DUPLICATE_KEY, name, "the key appears twice");
        }
        seen |= bit;
    }

    int bytes() {
        return end - start;
    }
}
