package dev.tidemark.cohort;

/** The id of a cohort, a UUID of version 7 in its text form. */
public record CohortId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
