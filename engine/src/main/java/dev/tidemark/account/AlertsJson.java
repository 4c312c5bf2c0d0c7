package dev.tidemark.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of {@link AlertSettings}: {@code {"webhook_url","webhook_secret","dead_letters_per_hour"}}. The secret can be set and not
 * be read: what is shown says {@code webhook_secret_set} instead, which a change may repeat.
 */
final class AlertsJson {
    static final String MEMBER = "alerts";
    private static final List<String> MEMBERS =
            List.of("webhook_url", "webhook_secret", "webhook_secret_set", "dead_letters_per_hour");
    private static final String ENCODED = "whsec_";
    private static final int MAX_URL = 2_000;
    private static final int MIN_SECRET = 16;
    private static final int MAX_SECRET = 200;

    private AlertsJson() {}

    static ObjectNode write(AlertSettings alerts) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        URI url = alerts.webhookUrl();
        node.put("webhook_url", url == null ? null : url.toString());
        node.put("webhook_secret_set", alerts.webhookSecret() != null);
        node.put("dead_letters_per_hour", alerts.deadLettersPerHour());
        return node;
    }

    /** With the secret, for the database alone. */
    static ObjectNode stored(AlertSettings alerts) {
        ObjectNode node = write(alerts);
        Secret secret = alerts.webhookSecret();
        return node.put("webhook_secret", secret == null ? null : secret.reveal());
    }

    static AlertSettings change(AlertSettings known, JsonNode change) {
        if (!change.isObject()) {
            throw invalid("must be an object with webhook_url, webhook_secret and dead_letters_per_hour", MEMBER);
        }
        Members.onlyKnown(change, MEMBER, MEMBERS);
        return new AlertSettings(
                change.has("webhook_url") ? url(change.get("webhook_url")) : known.webhookUrl(),
                change.has("webhook_secret") ? secret(change.get("webhook_secret")) : known.webhookSecret(),
                change.has("dead_letters_per_hour")
                        ? perHour(change.get("dead_letters_per_hour"))
                        : known.deadLettersPerHour());
    }

    private static @Nullable URI url(JsonNode node) {
        String at = MEMBER + ".webhook_url";
        if (node.isNull()) {
            return null;
        }
        if (!node.isTextual() || node.textValue().length() > MAX_URL) {
            throw invalid("must be an address of at most " + MAX_URL + " characters, or null for none", at);
        }
        try {
            URI url = new URI(node.textValue());
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
                return url;
            }
        } catch (URISyntaxException _) {
            // falls through to the one message for both
        }
        throw invalid("must be an address, as in https://hooks.example.com/tidemark", at);
    }

    private static @Nullable Secret secret(JsonNode node) {
        String at = MEMBER + ".webhook_secret";
        if (node.isNull()) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : "";
        if (text.length() < MIN_SECRET || text.length() > MAX_SECRET) {
            throw invalid("must have " + MIN_SECRET + " to " + MAX_SECRET + " characters, or be null for none", at);
        }
        if (text.startsWith(ENCODED)) {
            try {
                byte[] _ = Base64.getDecoder().decode(text.substring(ENCODED.length()));
            } catch (IllegalArgumentException _) {
                throw invalid("must be Base64 after " + ENCODED, at);
            }
        }
        return new Secret(text);
    }

    private static @Nullable Integer perHour(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (!node.isInt() || node.intValue() < 1) {
            throw invalid(
                    "must be a whole number, at least 1, or null for no alert", MEMBER + ".dead_letters_per_hour");
        }
        return node.intValue();
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
