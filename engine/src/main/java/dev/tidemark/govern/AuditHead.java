package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import java.time.Instant;

/**
 * A signed word on where a tenant's log stood: whoever keeps one elsewhere can tell later whether anything up to there was touched, or
 * cut off.
 */
record AuditHead(TenantId tenant, long number, String hash, long signedAtMillis, String signature) {

    /** What is signed. */
    static String text(TenantId tenant, long number, String hash, long signedAtMillis) {
        return "tidemark audit head\n" + tenant + "\n" + number + "\n" + hash + "\n" + signedAtMillis;
    }

    String text() {
        return text(tenant, number, hash, signedAtMillis);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("tenant", tenant.value())
                .put("number", number)
                .put("hash", hash)
                .put("signed_at", Instant.ofEpochMilli(signedAtMillis).toString())
                .put("signature", signature);
    }

    static AuditHead of(JsonNode node) {
        return new AuditHead(
                new TenantId(node.path("tenant").asText()),
                node.path("number").asLong(),
                node.path("hash").asText(),
                Instant.parse(node.path("signed_at").asText()).toEpochMilli(),
                node.path("signature").asText());
    }
}
