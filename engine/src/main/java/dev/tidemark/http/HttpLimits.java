package dev.tidemark.http;

import java.time.Duration;

/**
 * How long, and how often at once, somebody may keep the server waiting.
 *
 * @param firstHead until the head of the first request of a connection is here
 * @param nextHead until that of the next one is
 * @param bodyGrace that a body may take however slow it is
 * @param bodyBytesPerSecond that it must bring on average beyond that
 * @param connectionsOfAddress at once; 0 for any number
 * @param loopback whether this machine's own connections count too, which a proxy on it or a benchmark opens by the thousand
 */
public record HttpLimits(
        Duration firstHead,
        Duration nextHead,
        Duration bodyGrace,
        int bodyBytesPerSecond,
        int connectionsOfAddress,
        boolean loopback) {
    public static final HttpLimits DEFAULTS = new HttpLimits(
            Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(15), 4 << 10, 2_000, false);

    /** The same with another number of connections. */
    public HttpLimits withConnectionsOfAddress(int connections) {
        return new HttpLimits(firstHead, nextHead, bodyGrace, bodyBytesPerSecond, connections, loopback);
    }
}
