package dev.tidemark.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Share links in the metadata database. */
final class SqliteShareLinkStore implements ShareLinkStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = """
            SELECT share_id, share_hash, tenant_id, report_id, name, password_hash, locked_filter, pickers, controls, theme, created_at, expires_at,
                revoked_at
            FROM share_links
            """;

    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    SqliteShareLinkStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("embed");
    }

    @Override
    public void add(ShareLink link) {
        Secret password = link.passwordHash();
        JsonNode filter = link.lockedFilter();
        JsonNode controls = link.controls();
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO share_links (share_id, share_hash, tenant_id, report_id, name, password_hash, locked_filter, pickers,
                            controls, theme, created_at, expires_at, revoked_at)
                        VALUES (:id, :hash, :tenant, :report, :name, :password, :filter, :pickers, :controls, :theme, :created, :expires, :revoked)
                        """)
                .bind("id", link.id())
                .bind("hash", link.hash())
                .bind("tenant", link.tenant().value())
                .bind("report", link.reportId())
                .bind("name", link.name())
                .bind("password", password == null ? null : password.reveal())
                .bind("filter", filter == null ? null : filter.toString())
                .bind("pickers", JSON.valueToTree(link.pickers()).toString())
                .bind("controls", controls == null ? null : controls.toString())
                .bind("theme", link.theme())
                .bind("created", link.createdAt().toEpochMilli())
                .bind("expires", millis(link.expiresAt()))
                .bind("revoked", millis(link.revokedAt()))
                .execute());
    }

    @Override
    public Optional<ShareLink> find(String hash) {
        return database.read(handle -> handle.createQuery(ALL + "WHERE share_hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> link(row))
                .findOne());
    }

    @Override
    public List<ShareLink> of(TenantId tenant, String reportId) {
        return database.read(handle -> handle.createQuery(
                        ALL + "WHERE tenant_id = :tenant AND report_id = :report ORDER BY created_at DESC, share_id")
                .bind("tenant", tenant.value())
                .bind("report", reportId)
                .map((row, _) -> link(row))
                .list());
    }

    @Override
    public boolean revoke(TenantId tenant, String reportId, String id, Instant at) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE share_links SET revoked_at = COALESCE(revoked_at, :at)
                        WHERE tenant_id = :tenant AND report_id = :report AND share_id = :id
                        """)
                        .bind("at", at.toEpochMilli())
                        .bind("tenant", tenant.value())
                        .bind("report", reportId)
                        .bind("id", id)
                        .execute()
                == 1);
    }

    private static ShareLink link(ResultSet row) throws SQLException {
        String password = row.getString("password_hash");
        String filter = row.getString("locked_filter");
        String controls = row.getString("controls");
        List<String> pickers = new ArrayList<>();
        json(row.getString("pickers")).forEach(each -> pickers.add(each.asText()));
        return new ShareLink(
                row.getString("share_id"),
                row.getString("share_hash"),
                new TenantId(row.getString("tenant_id")),
                row.getString("report_id"),
                row.getString("name"),
                password == null ? null : new Secret(password),
                filter == null ? null : json(filter),
                pickers,
                controls == null ? null : json(controls),
                row.getString("theme"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                instant(row, "expires_at"),
                instant(row, "revoked_at"));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "a stored share link is not JSON", e);
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
