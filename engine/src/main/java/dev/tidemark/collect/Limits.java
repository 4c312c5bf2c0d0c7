package dev.tidemark.collect;

/** How large things may be; passing one is an error of its own that names the field. */
final class Limits {
    /** Of a request body, before and after decompression. */
    static final int REQUEST_BYTES = 4 << 20;

    static final int EVENTS_PER_REQUEST = 2_000;

    /** Of one event, as it stands in the body. */
    static final int EVENT_BYTES = 32 << 10;

    /** Of one event, counted after flattening; the same for traits. */
    static final int PROPERTIES = 255;

    /** Objects and arrays within each other, below {@code properties} or {@code traits}. */
    static final int NESTING = 8;

    static final int EVENT_TYPE_CHARS = 200;
    static final int ID_CHARS = 255;
    static final int PROPERTY_NAME_CHARS = 200;

    /** Of one text, and of an array in its JSON form. */
    static final int TEXT_CHARS = 8 << 10;

    /** Digits, sign and exponent of one number as written. */
    static final int NUMBER_CHARS = 400;

    static final int USER_AGENT_CHARS = 512;

    /** Nesting at which a whole body is refused instead of one event in it. */
    static final int BODY_NESTING = 500;

    private Limits() {}
}
