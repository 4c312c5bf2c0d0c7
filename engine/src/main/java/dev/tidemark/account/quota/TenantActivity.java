package dev.tidemark.account.quota;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a tenant does now. Counting neither locks nor waits; one thread samples. */
final class TenantActivity {
    private static final int EVENT_SECONDS = 10;
    private static final int QUERY_SECONDS = 60;

    /** Events that were let through to the journal, or are about to be, since this process began. */
    final AtomicLong events = new AtomicLong();

    final LongAdder queries = new LongAdder();
    final AtomicInteger beingAnswered = new AtomicInteger();
    private final long[] eventsAt = new long[EVENT_SECONDS + 1];
    private final long[] queriesAt = new long[QUERY_SECONDS + 1];
    private long samples;
    private long queriesTold;

    /** To be called once a second. */
    synchronized void sample() {
        samples++;
        eventsAt[(int) (samples % eventsAt.length)] = events.get();
        queriesAt[(int) (samples % queriesAt.length)] = queries.sum();
    }

    /** Events a second, in the mean of the last ten. */
    synchronized long eventsPerSecond() {
        long before = samples < EVENT_SECONDS ? 0 : eventsAt[(int) ((samples + 1) % eventsAt.length)];
        long now = eventsAt[(int) (samples % eventsAt.length)];
        return Math.max(0, Math.ceilDiv(now - before, EVENT_SECONDS));
    }

    /** Questions of the last minute, those of this second included. */
    synchronized long queriesPerMinute() {
        long before = samples < QUERY_SECONDS ? 0 : queriesAt[(int) ((samples + 1) % queriesAt.length)];
        return Math.max(0, queries.sum() - before);
    }

    /** Questions since this was last asked. */
    synchronized long takeQueries() {
        long now = queries.sum();
        long more = now - queriesTold;
        queriesTold = now;
        return more;
    }

    /** Has questions told of again, which could not be written down. */
    synchronized void putQueriesBack(long queriesToTell) {
        queriesTold -= queriesToTell;
    }

    /** Questions that {@link #takeQueries} did not tell of yet. */
    synchronized long untoldQueries() {
        return queries.sum() - queriesTold;
    }
}
