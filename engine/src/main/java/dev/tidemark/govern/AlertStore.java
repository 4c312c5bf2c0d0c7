package dev.tidemark.govern;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.AlertKind;
import dev.tidemark.base.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Alerts and their messages in the metadata database. Every change is durable when its method returns. Blocking; thread-safe. */
final class AlertStore {
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int KEPT_OF_TENANT = 1_000;
    private static final String ALERT =
            "a.alert_id, a.tenant_id, a.kind, a.subject, a.details, a.raised_at, a.cleared_at";
    private static final String MESSAGES = "SELECT " + ALERT + """
            , m.message_id, m.event, m.state, m.attempts, m.next_at, m.problem
            FROM alert_messages m JOIN alerts a ON a.alert_id = m.alert_id\s""";

    private final MetadataDatabase database;

    AlertStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("govern");
    }

    /** The keys of all alerts that are up. */
    List<Alert.Key> up() {
        return database.read(
                handle -> handle.createQuery("SELECT " + ALERT + " FROM alerts a WHERE a.cleared_at IS NULL")
                        .map((row, _) -> alert(row).key())
                        .list());
    }

    /** Adds an alert, with a message about it where it is to be told; forgets what ended long ago. */
    void raise(Alert alert, Optional<String> messageId) {
        int _ = database.write(handle -> {
            forget(handle, alert.tenant(), alert.raisedAt());
            int added = handle.createUpdate("""
                            INSERT INTO alerts (alert_id, tenant_id, kind, subject, details, raised_at)
                            VALUES (:id, :tenant, :kind, :subject, :details, :raised)
                            """)
                    .bind("id", alert.id())
                    .bind("tenant", alert.tenant().value())
                    .bind("kind", alert.kind().wireName())
                    .bind("subject", alert.subject())
                    .bind("details", alert.details().toString())
                    .bind("raised", alert.raisedAt().toEpochMilli())
                    .execute();
            messageId.ifPresent(id -> addMessage(handle, id, alert, AlertMessage.Event.RAISED, alert.raisedAt()));
            return added;
        });
    }

    /** Ends the alert of that key, with a message about it where it is to be told; does nothing where none is up. */
    void clear(Alert.Key key, Instant at, Optional<String> messageId) {
        int _ = database.write(handle -> {
            Optional<Alert> up = handle.createQuery("SELECT " + ALERT + """
                             FROM alerts a
                            WHERE a.tenant_id = :tenant AND a.kind = :kind AND a.subject = :subject AND a.cleared_at IS NULL
                            """)
                    .bind("tenant", key.tenant().value())
                    .bind("kind", key.kind().wireName())
                    .bind("subject", key.subject())
                    .map((row, _) -> alert(row))
                    .findFirst();
            if (up.isEmpty()) {
                return 0;
            }
            int ended = handle.createUpdate("UPDATE alerts SET cleared_at = :at WHERE alert_id = :id")
                    .bind("at", at.toEpochMilli())
                    .bind("id", up.get().id())
                    .execute();
            messageId.ifPresent(id -> addMessage(handle, id, up.get(), AlertMessage.Event.CLEARED, at));
            return ended;
        });
    }

    /** The tenant's alerts, those that are up first, then the newest. */
    List<Alert> list(TenantId tenant, int limit) {
        return database.read(handle -> handle.createQuery("SELECT " + ALERT + """
                         FROM alerts a WHERE a.tenant_id = :tenant
                        ORDER BY CASE WHEN a.cleared_at IS NULL THEN 0 ELSE 1 END, a.raised_at DESC, a.alert_id DESC LIMIT :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((row, _) -> alert(row))
                .list());
    }

    /** The messages about an alert, oldest first. */
    List<AlertMessage> messages(TenantId tenant, String alertId) {
        return database.read(handle -> handle.createQuery(
                        MESSAGES + "WHERE a.tenant_id = :tenant AND a.alert_id = :id ORDER BY m.made_at, m.message_id")
                .bind("tenant", tenant.value())
                .bind("id", alertId)
                .map((row, _) -> message(row))
                .list());
    }

    /** Messages of all tenants whose time has come, those that waited longest first. */
    List<AlertMessage> due(Instant now, int limit) {
        return database.read(handle -> handle.createQuery(
                        MESSAGES
                                + "WHERE m.state = 'waiting' AND m.next_at <= :now ORDER BY m.next_at, m.message_id LIMIT :limit")
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> message(row))
                .list());
    }

    /** Notes what became of an attempt. */
    void replace(AlertMessage message) {
        int _ = database.write(handle -> handle.createUpdate("""
                        UPDATE alert_messages SET state = :state, attempts = :attempts, next_at = :next, problem = :problem
                        WHERE message_id = :id
                        """)
                .bind("id", message.id())
                .bind("state", message.state().wireName())
                .bind("attempts", message.attempts())
                .bind("next", message.nextAt().toEpochMilli())
                .bind("problem", message.problem())
                .execute());
    }

    private static void addMessage(Handle handle, String id, Alert alert, AlertMessage.Event event, Instant at) {
        int _ = handle.createUpdate("""
                        INSERT INTO alert_messages (message_id, alert_id, tenant_id, event, state, attempts, next_at, made_at)
                        VALUES (:id, :alert, :tenant, :event, 'waiting', 0, :at, :at)
                        """)
                .bind("id", id)
                .bind("alert", alert.id())
                .bind("tenant", alert.tenant().value())
                .bind("event", event.wireName())
                .bind("at", at.toEpochMilli())
                .execute();
    }

    private static void forget(Handle handle, TenantId tenant, Instant now) {
        List<String> old = handle.createQuery("""
                        SELECT alert_id FROM alerts WHERE tenant_id = :tenant AND cleared_at IS NOT NULL AND (cleared_at < :before
                            OR alert_id NOT IN (SELECT alert_id FROM alerts WHERE tenant_id = :tenant
                                ORDER BY raised_at DESC, alert_id DESC LIMIT :kept))
                        """)
                .bind("tenant", tenant.value())
                .bind("before", now.minus(KEPT).toEpochMilli())
                .bind("kept", KEPT_OF_TENANT)
                .mapTo(String.class)
                .list();
        for (String id : old) {
            int _ = handle.execute("DELETE FROM alert_messages WHERE alert_id = ?", id);
            int _ = handle.execute("DELETE FROM alerts WHERE alert_id = ?", id);
        }
    }

    private static AlertMessage message(ResultSet row) throws SQLException {
        return new AlertMessage(
                row.getString("message_id"),
                alert(row),
                AlertMessage.Event.valueOf(row.getString("event").toUpperCase(Locale.ROOT)),
                AlertMessage.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                Instant.ofEpochMilli(row.getLong("next_at")),
                row.getString("problem"));
    }

    private static Alert alert(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        long clearedAt = row.getLong("cleared_at");
        boolean up = row.wasNull();
        return new Alert(
                row.getString("alert_id"),
                new TenantId(row.getString("tenant_id")),
                Arrays.stream(AlertKind.values())
                        .filter(each -> each.wireName().equals(kind))
                        .findFirst()
                        .orElseThrow(() -> new SQLException("an alert of a kind that this version does not know")),
                row.getString("subject"),
                JobStore.object(row.getString("details")),
                Instant.ofEpochMilli(row.getLong("raised_at")),
                up ? null : Instant.ofEpochMilli(clearedAt));
    }
}
