package dev.tidemark.process;

/**
 * How long acknowledgements are held back while the store falls behind: from nothing at half a second to a tenth of a second
 * at one second. Senders that wait for their answers then send just as fast as the store follows, and reports stay
 * fresh. A backlog of many seconds, as after an outage, is not one that slower answers cure: the journal takes it at full
 * speed.
 */
final class Pacing {
    private static final long FROM_MILLIS = 500;
    private static final long FULL_MILLIS = 1_000;
    private static final long BACKLOG_MILLIS = 5_000;
    private static final long MOST_MILLIS = 100;

    private Pacing() {}

    /**
     * The delay in milliseconds.
     *
     * @param ageMillis since the oldest entry that is on its way to the store was received
     */
    static long delayMillis(long ageMillis) {
        if (ageMillis <= FROM_MILLIS || ageMillis > BACKLOG_MILLIS) {
            return 0;
        }
        long over = Math.min(ageMillis, FULL_MILLIS) - FROM_MILLIS;
        return over * MOST_MILLIS / (FULL_MILLIS - FROM_MILLIS);
    }
}
