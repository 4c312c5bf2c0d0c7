package dev.tidemark.query;

/**
 * A dead letter as it is kept, as far as it takes to send it again.
 *
 * @param keyId empty where it is not known
 */
public record KeptLetter(String id, long receivedAtMillis, String payload, String source, String keyId, String state) {}
