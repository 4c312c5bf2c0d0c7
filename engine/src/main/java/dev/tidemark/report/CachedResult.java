package dev.tidemark.report;

import java.time.Instant;

/**
 * The answer to a question, with what is needed to judge it later.
 *
 * @param json of the answer, UTF-8; belongs to the result
 * @param contentHash equal for equal bytes
 * @param position up to which the journal was in the store when the question was put; the answer may know of later events
 * @param askedAt just before the question was put
 * @param freshUntil when the answer is to be renewed even if nothing is known to have changed
 */
public record CachedResult(byte[] json, String contentHash, long position, Instant askedAt, Instant freshUntil) {}
