package dev.tidemark.account;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.util.Base64;
import java.util.Set;

/** What the head of a signed token may say. */
final class JoseHeads {
    private static final Set<String> KNOWN = Set.of("alg", "typ", "kid", "x5t", "x5t#S256");
    private static final Set<String> TYPES = Set.of("JWT", "jwt", "at+jwt");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JoseHeads() {}

    /**
     * Whether a token is three parts in the one spelling of Base64 that there is for each: without this, many texts would be the same
     * token.
     */
    static boolean wellFormed(String token) {
        int dots = 0;
        for (int index = 0; index < token.length(); index++) {
            char each = token.charAt(index);
            boolean base64 = (each >= 'A' && each <= 'Z')
                    || (each >= 'a' && each <= 'z')
                    || (each >= '0' && each <= '9')
                    || each == '-'
                    || each == '_';
            if (each == '.') {
                dots++;
            } else if (!base64) {
                return false;
            }
        }
        return dots == 2 && isCanonical(token.substring(token.lastIndexOf('.') + 1));
    }

    private static boolean isCanonical(String signature) {
        try {
            return !signature.isEmpty()
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(Base64.getUrlDecoder().decode(signature))
                            .equals(signature);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * Whether it says nothing but algorithm, type and names of the key. Keys or addresses of keys in the head ({@code jwk}, {@code jku}, {@code x5c},
     * {@code x5u}) would let the sender choose what the signature is checked with; {@code crit} and {@code b64} change what is signed.
     */
    static boolean plain(JWSHeader header) {
        return KNOWN.containsAll(header.getIncludedParams())
                && saysOnlyKnown(header)
                && (header.getType() == null || TYPES.contains(header.getType().getType()));
    }

    /** As it was sent: what the library reads over, such as an empty {@code crit}, is there too. */
    private static boolean saysOnlyKnown(JWSHeader header) {
        Base64URL sent = header.getParsedBase64URL();
        if (sent == null) {
            return false;
        }
        try {
            JsonNode members = JSON.readTree(sent.decode());
            return members.isObject()
                    && members.properties().stream().allMatch(member -> KNOWN.contains(member.getKey()));
        } catch (IOException _) {
            return false;
        }
    }
}
