package dev.tidemark.collect;

/**
 * What is wrong with an event, where one field is to blame.
 *
 * @param field the JSON path within the event
 * @param message for the caller; holds no value of the event
 */
record Fault(RejectReason reason, String field, String message) {}
