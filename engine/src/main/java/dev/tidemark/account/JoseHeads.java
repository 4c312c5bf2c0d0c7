package dev.tidemark.account;

import com.nimbusds.jose.JWSHeader;
import java.util.Set;

/** What the head of a signed token may say. */
final class JoseHeads {
    private static final Set<String> KNOWN = Set.of("alg", "typ", "kid", "x5t", "x5t#S256");
    private static final Set<String> TYPES = Set.of("JWT", "jwt", "at+jwt");

    private JoseHeads() {}

    /**
     * Whether it says nothing but algorithm, type and names of the key. Keys or addresses of keys in the head ({@code jwk}, {@code jku}, {@code x5c},
     * {@code x5u}) would let the sender choose what the signature is checked with; {@code crit} and {@code b64} change what is signed.
     */
    static boolean plain(JWSHeader header) {
        return KNOWN.containsAll(header.getIncludedParams())
                && (header.getType() == null || TYPES.contains(header.getType().getType()));
    }
}
