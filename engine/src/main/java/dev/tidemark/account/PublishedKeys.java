package dev.tidemark.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that issuers publish. Kept for some minutes, then fetched anew beside the requests; a key id that is not among them has
 * them fetched at once, though not more often than the floor allows. Blocks only when nothing is known of an address yet, or a key id is
 * new. Thread-safe.
 */
public final class PublishedKeys {
    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final Duration FLOOR = Duration.ofSeconds(30);
    private static final int MAX_ADDRESSES = 1_000;
    private static final int LEAST_RSA_BITS = 2_048;
    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);

    private final OutboundWeb web;
    private final TimeSource clock;
    private final Cache<URI, Address> addresses =
            Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).build();

    public PublishedKeys(OutboundWeb web, TimeSource clock) {
        this.web = web;
        this.clock = clock;
    }

    /**
     * The key for a signature of an algorithm. Without a key id the issuer must publish just one that fits.
     *
     * @return empty when there is none, also where the keys cannot be fetched
     */
    public Optional<JWK> find(URI uri, JWSAlgorithm algorithm, @Nullable String keyId) {
        Address address = addresses.get(uri, Address::new);
        Optional<JWK> known = among(address.keys, algorithm, keyId);
        if (known.isPresent()) {
            if (clock.millis() - address.fetchedAt > LIFETIME.toMillis()) {
                refreshBeside(address);
            }
            return known;
        }
        address.refresh(algorithm, keyId);
        return among(address.keys, algorithm, keyId);
    }

    /** Whether a key is among those that an address published when it was last asked. Never blocks. */
    boolean holds(URI uri, JWK key) {
        Address address = addresses.getIfPresent(uri);
        if (address == null) {
            return false;
        }
        if (clock.millis() - address.fetchedAt > LIFETIME.toMillis()) {
            refreshBeside(address);
        }
        return address.keys.contains(key);
    }

    private static void refreshBeside(Address address) {
        if (address.refreshing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("published-keys").start(() -> {
                try {
                    address.refresh(null, null);
                } finally {
                    address.refreshing.set(false);
                }
            });
        }
    }

    private static Optional<JWK> among(List<JWK> keys, JWSAlgorithm algorithm, @Nullable String keyId) {
        List<JWK> fitting = keys.stream()
                .filter(key -> keyId == null || keyId.equals(key.getKeyID()))
                .filter(key -> fits(key, algorithm))
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }

    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        boolean use = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean operation = key.getKeyOperations() == null
                || key.getKeyOperations().isEmpty()
                || key.getKeyOperations().contains(KeyOperation.VERIFY);
        boolean declared = key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm);
        boolean kind = switch (key) {
            case RSAKey rsa -> algorithm.equals(JWSAlgorithm.RS256) && rsa.size() >= LEAST_RSA_BITS;
            case ECKey curve ->
                algorithm.equals(JWSAlgorithm.ES256) && curve.getCurve().equals(Curve.P_256);
            default -> false;
        };
        return use && operation && declared && kind;
    }

    private final class Address {
        private final URI uri;
        private final AtomicBoolean refreshing = new AtomicBoolean();
        private volatile List<JWK> keys = List.of();
        private volatile long fetchedAt = Long.MIN_VALUE / 2;
        private long triedAt = Long.MIN_VALUE / 2;

        Address(URI uri) {
            this.uri = uri;
        }

        /** Unless somebody else just did, or the floor forbids it. */
        synchronized void refresh(@Nullable JWSAlgorithm algorithm, @Nullable String wanted) {
            long now = clock.millis();
            boolean here = algorithm != null && among(keys, algorithm, wanted).isPresent();
            if (here || now - triedAt < FLOOR.toMillis()) {
                return;
            }
            triedAt = now;
            try {
                List<JWK> published = JWKSet.parse(new String(web.get(uri), StandardCharsets.UTF_8))
                        .getKeys();
                keys = published.stream().filter(key -> !key.isPrivate()).toList();
                fetchedAt = now;
            } catch (IOException | ParseException | RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("host", uri.getHost())
                        .addKeyValue("why", e.getClass().getSimpleName())
                        .log("the keys of a token issuer cannot be fetched");
            }
        }
    }
}
