package dev.tidemark.govern;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** The Ed25519 keys that sign the heads of audit logs. Thread-safe. */
public final class AuditKey {
    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey secret;
    private final PublicKey open;

    private AuditKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    public static AuditKey make(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(255, random);
            KeyPair pair = generator.generateKeyPair();
            return new AuditKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw failed(e);
        }
    }

    /** From what {@link #secretText} and {@link #publicText} gave. */
    public static AuditKey of(Secret secret, String open) {
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new AuditKey(
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getDecoder().decode(secret.reveal()))),
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(open))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "the key of the audit log is not readable", e);
        }
    }

    public Secret secretText() {
        return new Secret(Base64.getEncoder().encodeToString(secret.getEncoded()));
    }

    /** In X.509 form and Base64, for whoever is to check heads elsewhere. */
    public String publicText() {
        return Base64.getEncoder().encodeToString(open.getEncoded());
    }

    String sign(String text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw failed(e);
        }
    }

    boolean signed(AuditHead head) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(open);
            signature.update(head.text().getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getDecoder().decode(head.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return false;
        }
    }

    private static TidemarkException failed(Exception failure) {
        return new TidemarkException(ErrorCode.INTERNAL, "Ed25519 does not work here", failure);
    }
}
