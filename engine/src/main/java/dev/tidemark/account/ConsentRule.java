package dev.tidemark.account;

/**
 * What happens to an event whose sender says that its person did not agree.
 *
 * @param category the name of the category in the event's {@code context.consent} that counts, in any case
 */
public record ConsentRule(Mode mode, String category) {
    public static final ConsentRule DEFAULT = new ConsentRule(Mode.IGNORE, "analytics");

    /** What happens. */
    public enum Mode {
        /** The event is kept as it is. */
        IGNORE,
        /** The event is kept without ids, traits, address and user agent. */
        ANONYMIZE,
        /** Nothing of the event is kept. */
        DROP
    }
}
