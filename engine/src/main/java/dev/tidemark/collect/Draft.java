package dev.tidemark.collect;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event on its way through the pipeline: what was sent, and what has been made of it so far. */
final class Draft {
    private static final EventId NONE_YET = new EventId("-");

    final RawEvent raw;
    final Intake intake;
    final Map<ContextField, String> context = new EnumMap<>(ContextField.class);
    String type = "";
    /** Whether nothing may be kept that tells of whom it is. */
    boolean anonymous;

    EventId id = NONE_YET;
    boolean idAssigned;
    long timestamp;

    @Nullable
    String userId;

    @Nullable
    String anonymousId;

    @Nullable
    String sessionId;

    @Nullable
    String pageUrl;

    @Nullable
    String pagePath;

    @Nullable
    String referrer;

    @Nullable
    String address;

    @Nullable
    String userAgent;

    Attributes properties = Attributes.NONE;
    Attributes traits = Attributes.NONE;
    int expiresOnEpochDay = Event.NEVER_EXPIRES;

    Draft(RawEvent raw, Intake intake) {
        this.raw = raw;
        this.intake = intake;
    }

    void put(ContextField field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            context.put(field, value);
        }
    }

    void putIfAbsent(ContextField field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            context.putIfAbsent(field, value);
        }
    }

    Event event() {
        return new Event(
                intake.tenant(),
                id,
                idAssigned,
                type,
                timestamp,
                intake.receivedAt(),
                userId,
                anonymousId,
                sessionId,
                context,
                properties,
                traits,
                raw.setsTraits,
                expiresOnEpochDay);
    }
}
