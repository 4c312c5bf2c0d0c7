package dev.tidemark.base;

/** The idempotency key of an event within its tenant: 1 to 255 characters. */
public record EventId(String value) {
    public static final int MAX_LENGTH = 255;

    public EventId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "event_id must have 1 to " + MAX_LENGTH + " characters", "event_id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
