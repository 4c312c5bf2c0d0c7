package dev.tidemark.report;

/**
 * A report with its numbers, ready to be sent.
 *
 * @param json UTF-8; not to be modified
 * @param entityTag equal for equal numbers; empty when a widget failed, in which case the answer must not be kept
 * @param stale whether the store could not be asked and numbers come from the cache
 */
public record ReportAnswer(byte[] json, String entityTag, boolean stale) {}
