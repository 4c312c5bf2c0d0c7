package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.AlertSettings;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts messages to the addresses that tenants name, signed as the Standard Webhooks specification (1.0.0) has it: {@code webhook-signature} is {@code v1,} and
 * the Base64 of HMAC-SHA256 over id, time and body, with dots between. The key is what stands in Base64 after {@code whsec_}, or
 * the secret's own UTF-8 bytes where it does not begin so. Blocking; thread-safe.
 */
public final class Webhook {
    private static final String ENCODED = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    private final OutboundWeb web;
    private final TimeSource time;

    public Webhook(OutboundWeb web, TimeSource time) {
        this.web = web;
        this.time = time;
    }

    /** How an attempt ended. */
    sealed interface Attempt {
        /** It was taken: the answer was a 2xx. */
        record Taken(int status) implements Attempt {}

        /** It was not; in words that name no more of the address than its host. */
        record Failed(String problem) implements Attempt {}
    }

    /** Tries once. */
    Attempt post(URI url, AlertSettings settings, String messageId, ObjectNode message) {
        byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        String second = Long.toString(Math.floorDiv(time.millis(), 1_000));
        headers.put("Content-Type", "application/json");
        headers.put("webhook-id", messageId);
        headers.put("webhook-timestamp", second);
        Secret secret = settings.webhookSecret();
        if (secret != null) {
            headers.put("webhook-signature", "v1," + signature(secret, messageId + "." + second + ".", body));
        }
        String host = url.getHost();
        try {
            int status = web.deliver(url, body, headers);
            return status / 100 == 2 ? new Attempt.Taken(status) : new Attempt.Failed(host + " answered " + status);
        } catch (SocketTimeoutException _) {
            return new Attempt.Failed(host + " did not answer in time");
        } catch (UnknownHostException _) {
            return new Attempt.Failed(host + " is not known");
        } catch (ConnectException _) {
            return new Attempt.Failed(host + " takes no connection");
        } catch (OutboundWeb.PrivateAddressException _) {
            return new Attempt.Failed(host + " is in a private network");
        } catch (IOException _) {
            return new Attempt.Failed(host + " could not be spoken to");
        }
    }

    private static String signature(Secret secret, String before, byte[] body) {
        String text = secret.reveal();
        byte[] key = text.startsWith(ENCODED)
                ? Base64.getDecoder().decode(text.substring(ENCODED.length()))
                : text.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(before.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "this Java has no HMAC-SHA256", e);
        }
    }
}
