package dev.tidemark.bench;

/**
 * One dashboard as its viewers open it: a report, and the token that says which part of its tenant's events it shows.
 *
 * @param number from 0
 * @param tenant which of the tenants, from 0
 * @param kind the report's name
 * @param acknowledged the events that its first widget counts
 */
record Dashboard(int number, int tenant, String kind, String report, String token, AckLog acknowledged) {
    String path() {
        return "/api/v1/reports/" + report;
    }
}
