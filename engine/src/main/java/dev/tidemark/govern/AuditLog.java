package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done by whom, a log for each tenant and one for the server: entries in a chain of hashes, of which every hundredth, and the first of each day, is signed. An
 * act is noted before it is done, and becomes an entry when it has ended; what a crash left between becomes one at the next start, with
 * an unknown end. Every change is durable when its method returns. Blocking; thread-safe.
 */
public final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int BETWEEN_HEADS = 100;
    private static final int PORTION = 1_000;

    private final MetadataDatabase database;
    private final AuditKey key;
    private final TimeSource time;
    private final UuidV7 ids;

    /** Ends what a crash left open. */
    public AuditLog(MetadataDatabase database, AuditKey key, TimeSource time, UuidV7 ids) {
        this.database = database;
        this.key = key;
        this.time = time;
        this.ids = ids;
        database.migrate("govern");
        recover();
    }

    /** Notes that an act is about to be done; returns what {@link #end} is to be told. */
    String begin(LogOf of, ObjectNode act) {
        String id = ids.next().toString();
        int _ = database.write(handle -> handle.createUpdate(
                        "INSERT INTO audit_pending (pending_id, tenant_id, entry, begun_at) VALUES (:id, :tenant, :entry, :at)")
                .bind("id", id)
                .bind("tenant", of.name())
                .bind("entry", act.toString())
                .bind("at", time.millis())
                .execute());
        return id;
    }

    /** Makes an act that was begun an entry. */
    void end(LogOf of, String pendingId, ObjectNode act) {
        Optional<AuditHead> head = database.write(handle -> {
            int _ = handle.createUpdate("DELETE FROM audit_pending WHERE pending_id = :id")
                    .bind("id", pendingId)
                    .execute();
            return append(handle, of, act.toString());
        });
        head.ifPresent(AuditLog::tell);
    }

    /** Makes an act that has ended an entry. */
    void note(LogOf of, ObjectNode act) {
        database.write(handle -> append(handle, of, act.toString())).ifPresent(AuditLog::tell);
    }

    List<AuditEntry> entries(LogOf of, long after, int limit) {
        return database.read(handle -> handle.createQuery("""
                        SELECT number, entry, hash FROM audit_entries
                        WHERE tenant_id = :tenant AND number > :after ORDER BY number LIMIT :limit
                        """)
                .bind("tenant", of.name())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> entry(row))
                .list());
    }

    /** Signs where the log stands now; number 0 for an empty one. */
    AuditHead head(LogOf of) {
        Optional<AuditEntry> last = database.read(handle -> last(handle, of));
        return signed(
                of,
                last.map(AuditEntry::number).orElse(0L),
                last.map(AuditEntry::hash).orElse(AuditEntry.BEFORE_THE_FIRST));
    }

    String publicKey() {
        return key.publicText();
    }

    /** The logs that have entries. */
    public List<LogOf> all() {
        return database.read(handle -> handle.createQuery(
                        "SELECT DISTINCT tenant_id FROM audit_entries UNION SELECT DISTINCT tenant_id FROM audit_heads ORDER BY 1")
                .map((row, _) -> new LogOf(row.getString(1)))
                .list());
    }

    /** What a check of a log found. */
    public sealed interface Check {
        /** Nothing was altered, removed or moved, as far as the heads go that were looked at. */
        record Whole(long entries, long heads) implements Check {}

        /** Something was, at this entry or before it. */
        record Broken(long number, String what) implements Check {}
    }

    /** Reads a whole log and its heads. */
    public Check verify(LogOf of) {
        return verify(of, List.of());
    }

    /** The same with heads that were kept elsewhere. */
    Check verify(LogOf of, List<AuditHead> others) {
        List<AuditHead> heads = new java.util.ArrayList<>(heads(of));
        heads.addAll(others);
        for (AuditHead head : heads) {
            if (!head.of().equals(of) || !key.signed(head)) {
                return new Check.Broken(head.number(), "a head is not signed by this server's key");
            }
        }
        long number = 0;
        String before = AuditEntry.BEFORE_THE_FIRST;
        for (List<AuditEntry> portion = entries(of, 0, PORTION);
                !portion.isEmpty();
                portion = entries(of, number, PORTION)) {
            for (AuditEntry entry : portion) {
                number++;
                if (entry.number() != number) {
                    return new Check.Broken(number, "an entry is missing");
                }
                if (!AuditEntry.hash(before, number, entry.text()).equals(entry.hash())) {
                    return new Check.Broken(number, "the entry is not what was written, or not where it was");
                }
                for (AuditHead head : heads) {
                    if (head.number() == number && !head.hash().equals(entry.hash())) {
                        return new Check.Broken(number, "the entry is not the one that was signed");
                    }
                }
                before = entry.hash();
            }
        }
        for (AuditHead head : heads) {
            if (head.number() > number) {
                return new Check.Broken(
                        number + 1, "the last entries are missing: entry " + head.number() + " was signed");
            }
        }
        return new Check.Whole(number, heads.size());
    }

    private List<AuditHead> heads(LogOf of) {
        return database.read(handle -> handle.createQuery(
                        "SELECT number, hash, signed_at, signature FROM audit_heads WHERE tenant_id = :tenant ORDER BY number")
                .bind("tenant", of.name())
                .map((row, _) -> new AuditHead(
                        of,
                        row.getLong("number"),
                        row.getString("hash"),
                        row.getLong("signed_at"),
                        row.getString("signature")))
                .list());
    }

    private void recover() {
        record Pending(String id, LogOf of, ObjectNode act) {}
        List<Pending> left = database.read(handle -> handle.createQuery(
                        "SELECT pending_id, tenant_id, entry FROM audit_pending ORDER BY begun_at, pending_id")
                .map((row, _) -> new Pending(
                        row.getString("pending_id"),
                        new LogOf(row.getString("tenant_id")),
                        JobStore.object(row.getString("entry"))))
                .list());
        for (Pending pending : left) {
            end(pending.of(), pending.id(), pending.act().put("outcome", "unknown: the server ended meanwhile"));
        }
    }

    private Optional<AuditHead> append(Handle handle, LogOf of, String text) {
        Optional<AuditEntry> last = last(handle, of);
        long number = last.map(AuditEntry::number).orElse(0L) + 1;
        String hash = AuditEntry.hash(last.map(AuditEntry::hash).orElse(AuditEntry.BEFORE_THE_FIRST), number, text);
        int _ = handle.createUpdate(
                        "INSERT INTO audit_entries (tenant_id, number, entry, hash) VALUES (:tenant, :number, :entry, :hash)")
                .bind("tenant", of.name())
                .bind("number", number)
                .bind("entry", text)
                .bind("hash", hash)
                .execute();
        if (number % BETWEEN_HEADS != 0 && !isFirstOfItsDay(handle, of)) {
            return Optional.empty();
        }
        AuditHead head = signed(of, number, hash);
        int _ = handle.createUpdate("""
                        INSERT INTO audit_heads (tenant_id, number, hash, signed_at, signature)
                        VALUES (:tenant, :number, :hash, :at, :signature)
                        """)
                .bind("tenant", of.name())
                .bind("number", number)
                .bind("hash", hash)
                .bind("at", head.signedAtMillis())
                .bind("signature", head.signature())
                .execute();
        return Optional.of(head);
    }

    private boolean isFirstOfItsDay(Handle handle, LogOf of) {
        Optional<Long> signedAt = handle.createQuery(
                        "SELECT signed_at FROM audit_heads WHERE tenant_id = :tenant ORDER BY number DESC LIMIT 1")
                .bind("tenant", of.name())
                .mapTo(Long.class)
                .findOne();
        return signedAt.isEmpty() || !day(signedAt.get()).equals(day(time.millis()));
    }

    private static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private AuditHead signed(LogOf of, long number, String hash) {
        long now = time.millis();
        return new AuditHead(of, number, hash, now, key.sign(AuditHead.text(of, number, hash, now)));
    }

    /** Into the log of the server, which goes elsewhere: there it stands where nobody who alters the database comes by. */
    private static void tell(AuditHead head) {
        LOG.atInfo().addKeyValue("head", head.toJson()).log("the audit log was signed");
    }

    private static Optional<AuditEntry> last(Handle handle, LogOf of) {
        return handle.createQuery(
                        "SELECT number, entry, hash FROM audit_entries WHERE tenant_id = :tenant ORDER BY number DESC LIMIT 1")
                .bind("tenant", of.name())
                .map((row, _) -> entry(row))
                .findOne();
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(row.getLong("number"), row.getString("entry"), row.getString("hash"));
    }
}
