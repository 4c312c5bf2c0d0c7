package dev.tidemark.report;

/** The id of a report, a UUID of version 7 in its text form. */
public record ReportId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
