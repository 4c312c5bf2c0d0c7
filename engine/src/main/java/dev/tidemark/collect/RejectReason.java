package dev.tidemark.collect;

import java.util.Locale;

/** Why an event was refused. The wire name stands in answers and metrics. */
enum RejectReason {
    MALFORMED_JSON,
    NOT_AN_OBJECT,
    EVENT_TOO_LARGE,
    EVENT_TYPE_MISSING,
    EVENT_TYPE_TOO_LONG,
    UNKNOWN_CALL_TYPE,
    INVALID_ID,
    ID_TOO_LONG,
    WRONG_TYPE,
    TOO_MANY_PROPERTIES,
    NESTING_TOO_DEEP,
    PROPERTY_NAME_EMPTY,
    PROPERTY_NAME_TOO_LONG,
    TEXT_TOO_LONG,
    NUMBER_OUT_OF_RANGE,
    DUPLICATE_KEY,
    INVALID_TEXT,
    INVALID_TIMESTAMP,
    TIMESTAMP_OUT_OF_RANGE,
    KEY_MISMATCH;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    String wireName() {
        return wireName;
    }
}
