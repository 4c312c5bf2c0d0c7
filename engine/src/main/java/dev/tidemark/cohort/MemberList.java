package dev.tidemark.cohort;

/** The id of a list of persons in the event store; a UUID of version 7 in its text form. */
public record MemberList(String value) {
    @Override
    public String toString() {
        return value;
    }
}
