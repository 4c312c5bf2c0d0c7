package dev.tidemark.store;

/**
 * What a statement reads of the tenant's rows: of a table those of a half-open range of event time, in Unix milliseconds. It says
 * what a statement may cost, and limits nothing.
 */
public record Reading(Table table, long fromMillis, long toMillis) {}
