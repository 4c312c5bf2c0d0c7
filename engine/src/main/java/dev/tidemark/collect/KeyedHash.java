package dev.tidemark.collect;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 under a key of the tenant's own, which is derived from the server's: 128 bits of it as 32 hexadecimal digits.
 * Thread-safe.
 */
final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final SecretKeySpec tenantKey;
    /** What is a hash already. */
    private final Set<String> hashed;

    KeyedHash(Secret serverKey, TenantId tenant) {
        this(serverKey, tenant, Set.of());
    }

    KeyedHash(Secret serverKey, TenantId tenant, Set<String> hashed) {
        this.hashed = Set.copyOf(hashed);
        SecretKeySpec key = new SecretKeySpec(serverKey.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.tenantKey = new SecretKeySpec(mac(key, tenant.value()), ALGORITHM);
    }

    String of(String value) {
        if (!hashed.isEmpty() && hashed.contains(value)) {
            return value;
        }
        return HexFormat.of().formatHex(Arrays.copyOf(mac(tenantKey, value), BYTES));
    }

    private static byte[] mac(SecretKeySpec key, String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a value could not be hashed", e);
        }
    }
}
