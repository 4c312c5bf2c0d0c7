package dev.tidemark.collect;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the collect stage.
 *
 * @param geoDatabase a MaxMind City or Country database, or null for no locations
 * @param trustedProxies how many proxies in front of this server append to {@code X-Forwarded-For}; 0 ignores the header
 * @param maxInFlight bytes of request bodies, as sent and as decompressed, that may be held at one time; more is answered 503
 * @param maskingKey keys the hashes of masking rules; the same key gives the same hashes
 */
public record CollectConfig(@Nullable Path geoDatabase, int trustedProxies, ByteSize maxInFlight, Secret maskingKey) {
    public static final ByteSize DEFAULT_MAX_IN_FLIGHT = ByteSize.mebibytes(256);

    public CollectConfig {
        if (trustedProxies < 0) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the number of trusted proxies cannot be negative",
                    "trusted-proxies");
        }
        if (maxInFlight.bytes() < Limits.REQUEST_BYTES) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "must be at least " + Limits.REQUEST_BYTES + " bytes, the size of one request",
                    "max-in-flight");
        }
    }
}
