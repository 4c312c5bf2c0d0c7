package dev.tidemark.account;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.Optional;

/** The claims of a token that an issuer with published keys has signed. Nothing in them is judged here but the signature. */
public final class SignedClaims {
    private static final int MAX_LENGTH = 16_384;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SignedClaims() {}

    /**
     * Empty when the signature is not right, or not of the one algorithm that is expected. May block to fetch keys.
     *
     * @param algorithm RS256 or ES256
     */
    public static Optional<JsonNode> of(String token, String algorithm, PublishedKeys keys, URI jwksUrl) {
        if (token.length() > MAX_LENGTH || !JoseHeads.wellFormed(token)) {
            return Optional.empty();
        }
        try {
            JWSObject jws = JWSObject.parse(token);
            JWSHeader header = jws.getHeader();
            if (!header.getAlgorithm().getName().equals(algorithm) || !JoseHeads.plain(header)) {
                return Optional.empty();
            }
            Optional<JWK> key = keys.find(jwksUrl, header.getAlgorithm(), header.getKeyID());
            if (key.isEmpty() || !jws.verify(verifier(key.get()))) {
                return Optional.empty();
            }
            return Optional.of(JSON.readTree(jws.getPayload().toBytes()));
        } catch (ParseException | JOSEException | IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    static JWSVerifier verifier(JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa.toRSAPublicKey());
            case ECKey curve -> new ECDSAVerifier(curve.toECPublicKey());
            default -> throw new JOSEException("no key for signatures");
        };
    }
}
