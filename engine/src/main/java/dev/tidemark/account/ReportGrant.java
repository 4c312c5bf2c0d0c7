package dev.tidemark.account;

/**
 * What one user or everybody of one role may do with a restricted report. A report without grants is open to every role as far as the role
 * reaches; one with grants to those alone who are named, and to owners and admins.
 */
public record ReportGrant(Holder holder, Level level) {

    /** Who is named. */
    public sealed interface Holder {
        record Named(UserId user) implements Holder {}

        record Everyone(Role role) implements Holder {}
    }

    /** How much. */
    public enum Level {
        VIEW,
        /** Includes seeing it. */
        EDIT
    }
}
