package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A signed word on where a log stood: whoever keeps one elsewhere can tell later whether anything up to there was touched, or
 * cut off.
 */
record AuditHead(LogOf of, long number, String hash, long signedAtMillis, String signature) {

    /** What is signed. */
    static String text(LogOf of, long number, String hash, long signedAtMillis) {
        return "tidemark audit head\n" + of.name() + "\n" + number + "\n" + hash + "\n" + signedAtMillis;
    }

    String text() {
        return text(of, number, hash, signedAtMillis);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("tenant", of.equals(LogOf.SERVER) ? null : of.name())
                .put("number", number)
                .put("hash", hash)
                .put("signed_at", Instant.ofEpochMilli(signedAtMillis).toString())
                .put("signature", signature);
    }

    static AuditHead read(JsonNode node) {
        return new AuditHead(
                node.path("tenant").isNull()
                        ? LogOf.SERVER
                        : new LogOf(node.path("tenant").asText()),
                node.path("number").asLong(),
                node.path("hash").asText(),
                Instant.parse(node.path("signed_at").asText()).toEpochMilli(),
                node.path("signature").asText());
    }
}
