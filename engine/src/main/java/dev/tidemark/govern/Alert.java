package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state that needs somebody, from its beginning to its end.
 *
 * @param subject what it is about, where there can be several of a kind; else empty
 * @param clearedAt null while it is up
 */
record Alert(
        String id,
        TenantId tenant,
        AlertKind kind,
        String subject,
        ObjectNode details,
        Instant raisedAt,
        @Nullable Instant clearedAt) {

    /** What makes two alerts the same. */
    record Key(TenantId tenant, AlertKind kind, String subject) {}

    Key key() {
        return new Key(tenant, kind, subject);
    }

    /** As it was while it was up. */
    Alert up() {
        return new Alert(id, tenant, kind, subject, details, raisedAt, null);
    }

    /** In a sentence, for people. */
    String text() {
        boolean up = clearedAt == null;
        return tenant + " "
                + switch (kind) {
                    case DEAD_LETTERS ->
                        up
                                ? "had " + details.path("dead_letters").asText()
                                        + " dead letters within an hour; it is told from "
                                        + details.path("per_hour").asText() + " on"
                                : "has fewer dead letters again";
                    case QUOTA_SOFT ->
                        up
                                ? "has nearly used up its limit " + subject
                                : "is well within its limit " + subject + " again";
                    case QUOTA_HARD ->
                        up
                                ? "has used up its limit " + subject + ": what is past it is refused"
                                : "is within its limit " + subject + " again";
                };
    }

    ObjectNode toJson() {
        ObjectNode node = details.objectNode();
        node.put("alert_id", id);
        node.put("kind", kind.wireName());
        node.put("subject", subject.isEmpty() ? null : subject);
        node.put("state", clearedAt == null ? "up" : "cleared");
        node.put("text", text());
        node.set("details", details);
        node.put("raised_at", raisedAt.toString());
        node.put("cleared_at", clearedAt == null ? null : clearedAt.toString());
        return node;
    }
}
