package dev.tidemark.govern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Jobs in the metadata database. Every change is durable when its method returns. Blocking; thread-safe. */
final class JobStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS =
            "job_id, tenant_id, kind, state, request, progress, problem, created_at, updated_at";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM jobs ";

    private final MetadataDatabase database;

    JobStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("govern");
    }

    void add(Job job) {
        int _ = database.write(handle -> handle.createUpdate("INSERT INTO jobs (" + COLUMNS + """
                        ) VALUES (:id, :tenant, :kind, :state, :request, :progress, :problem, :created, :updated)
                        """)
                .bind("id", job.id())
                .bind("tenant", job.tenant().value())
                .bind("kind", job.kind())
                .bind("state", job.state().wireName())
                .bind("request", job.request().toString())
                .bind("progress", job.progress().toString())
                .bind("problem", job.problem())
                .bind("created", job.createdAt().toEpochMilli())
                .bind("updated", job.updatedAt().toEpochMilli())
                .execute());
    }

    /** Has what jobs were asked, and forgot when they ended, leave the disk; false to be repeated. */
    boolean settle() {
        return database.settle();
    }

    void replace(Job job) {
        int _ = database.write(handle -> handle.createUpdate("""
                        UPDATE jobs SET state = :state, request = :request, progress = :progress, problem = :problem, updated_at = :updated
                        WHERE job_id = :id
                        """)
                .bind("id", job.id())
                .bind("state", job.state().wireName())
                .bind("request", job.request().toString())
                .bind("progress", job.progress().toString())
                .bind("problem", job.problem())
                .bind("updated", job.updatedAt().toEpochMilli())
                .execute());
    }

    /** Of all tenants, what is not ended, oldest first. */
    List<Job> unfinished() {
        return database.read(handle -> handle.createQuery(
                        SELECT + "WHERE state IN ('waiting', 'running') ORDER BY created_at, job_id")
                .map((row, _) -> job(row))
                .list());
    }

    Optional<Job> find(TenantId tenant, String id) {
        return database.read(handle -> handle.createQuery(SELECT + "WHERE tenant_id = :tenant AND job_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((row, _) -> job(row))
                .findOne());
    }

    Optional<Job> last(TenantId tenant, String kind) {
        return database.read(handle -> handle.createQuery(SELECT
                        + "WHERE tenant_id = :tenant AND kind = :kind ORDER BY created_at DESC, job_id DESC LIMIT 1")
                .bind("tenant", tenant.value())
                .bind("kind", kind)
                .map((row, _) -> job(row))
                .findOne());
    }

    /** The newest first. */
    List<Job> list(TenantId tenant, int limit) {
        return database.read(handle -> handle.createQuery(
                        SELECT + "WHERE tenant_id = :tenant ORDER BY created_at DESC, job_id DESC LIMIT :limit")
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((row, _) -> job(row))
                .list());
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                row.getString("job_id"),
                new TenantId(row.getString("tenant_id")),
                row.getString("kind"),
                Job.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                object(row.getString("request")),
                object(row.getString("progress")),
                row.getString("problem"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }

    static ObjectNode object(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored job is not JSON", e);
        }
    }
}
