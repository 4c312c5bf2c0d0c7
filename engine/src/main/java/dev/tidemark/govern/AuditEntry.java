package dev.tidemark.govern;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One act in a tenant's log.
 *
 * @param number 1, 2, ... without gaps
 * @param text the act as JSON, byte for byte as it was hashed
 * @param hash SHA-256 over the hash of the entry before, the number and the text; of the first, over zeros
 */
record AuditEntry(long number, String text, String hash) {
    static final String BEFORE_THE_FIRST = "0".repeat(64);

    static String hash(String before, long number, String text) {
        try {
            byte[] bytes = (before + "\n" + number + "\n" + text).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
        }
    }
}
