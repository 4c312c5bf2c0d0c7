package dev.tidemark.app.config;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, read once at start by {@link ConfigurationReader}.
 *
 * @param data the directory that holds all state
 * @param tenant the first tenant, made with keys at start when it is missing; null for {@code demo} with a demo, else {@code default}
 * @param demo whether a demo tenant with sample events and live traffic exists
 */
public record Configuration(
        Path data,
        @Nullable String tenant,
        boolean demo,
        Http http,
        JournalLimits journal,
        Processing process,
        Engine engine,
        Fairness fairness,
        Cache cache,
        Live live,
        Geo geo,
        Auth auth,
        Oidc oidc,
        AlertMessages alerts,
        Metrics metrics) {

    /**
     * The HTTP listener.
     *
     * @param port 0 for any free one
     * @param publicUrl scheme, host and port under which browsers reach the server; null for what each request says
     * @param trustedProxies how many proxies in front append to {@code X-Forwarded-For}
     * @param eventLoops threads that parse and acknowledge events
     * @param connectionsOfAddress the most that one network address other than this machine's may have open; 0 for any number
     */
    public record Http(
            String host,
            int port,
            @Nullable String publicUrl,
            int trustedProxies,
            int eventLoops,
            int connectionsOfAddress) {}

    /**
     * The durable log.
     *
     * @param partitions fixed once the journal exists
     * @param maxSize past which events are refused with 503
     * @param diskReserve free disk below which events are refused with 503
     */
    public record JournalLimits(int partitions, ByteSize maxSize, ByteSize diskReserve) {}

    /**
     * The way from the journal to the store.
     *
     * @param batchEvents the most events that one insert holds
     * @param linger how long a batch waits to fill
     * @param deduplicationHorizon how long event ids are remembered
     */
    public record Processing(int batchEvents, Duration linger, Duration deduplicationHorizon) {}

    /**
     * The analytical engine.
     *
     * @param clickhouseUrl of an external ClickHouse, with user and password; null for the engine that comes with the server
     * @param port of the engine that comes with the server; 0 for any free one
     * @param password of the engine that comes with the server, for tools of this machine that speak to it themselves; null for
     *     one that is made at each start and told to nobody
     * @param memoryLimit of the engine that comes with the server; null for a share of the machine's
     * @param library the engine's shared library; null for the one that the build fetched
     */
    public record Engine(
            @Nullable Secret clickhouseUrl,
            int port,
            @Nullable Secret password,
            @Nullable ByteSize memoryLimit,
            @Nullable Path library) {}

    /**
     * Room for every tenant.
     *
     * @param busyPercent share of the processors in use from which on tenants that take more than theirs are held back; 0 for never
     */
    public record Fairness(int busyPercent) {}

    /**
     * Results of reports.
     *
     * @param maxSize memory that they may take
     * @param openLifetime of an answer whose range is not over yet
     * @param closedLifetime of an answer about the past
     */
    public record Cache(ByteSize maxSize, Duration openLifetime, Duration closedLifetime) {}

    /**
     * How people and tokens are recognised.
     *
     * @param sessionIdle after which a session that is not used ends
     * @param sessionLifetime after which every session ends
     * @param privateIssuers whether issuers of tokens may be asked over plain HTTP and in private networks
     */
    public record Auth(Duration sessionIdle, Duration sessionLifetime, boolean privateIssuers) {}

    /**
     * The provider through which people sign in.
     *
     * @param issuer its address; null for none
     * @param name as people know it
     * @param algorithm that it signs with, RS256 or ES256
     */
    public record Oidc(
            @Nullable String issuer,
            String clientId,
            @Nullable Secret clientSecret,
            String name,
            String algorithm) {}

    /**
     * Reports that are watched.
     *
     * @param mostStreams that may be open at the same time
     * @param mostStreamsOfTenant of one tenant
     * @param memory that answers kept right in memory may take; past it widgets are asked again at intervals
     * @param memoryOfTenant of one tenant
     */
    public record Live(int mostStreams, int mostStreamsOfTenant, ByteSize memory, ByteSize memoryOfTenant) {}

    /**
     * Messages about alerts.
     *
     * @param privateWebhooks whether they may go over plain HTTP and into private networks
     */
    public record AlertMessages(boolean privateWebhooks) {}

    /** @param key that reads the metrics of the whole server, and nothing else; null for none */
    public record Metrics(@Nullable Secret key) {}

    /** @param database a MaxMind file that tells the place of an address; null for none */
    public record Geo(@Nullable Path database) {}
}
