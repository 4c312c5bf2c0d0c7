package dev.tidemark.signin;

import dev.tidemark.base.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The provider through which people sign in.
 *
 * @param issuer its address, under which it describes itself
 * @param clientSecret null for a client without one
 * @param name as people know it
 * @param algorithm that it signs with, RS256 or ES256
 */
public record OidcSettings(
        String issuer, String clientId, @Nullable Secret clientSecret, String name, String algorithm) {}
