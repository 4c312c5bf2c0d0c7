package dev.tidemark.report;

import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reports in the metadata database, each one row: a report is always read and written whole. */
public final class SqliteReportStore implements ReportStore {
    private final MetadataDatabase database;

    /** Brings the tables up to date. */
    public SqliteReportStore(MetadataDatabase database) {
        this.database = database;
        database.migrate("report");
    }

    @Override
    public void add(Report report) {
        int added = database.write(handle -> handle.createUpdate("""
                        INSERT INTO reports (tenant_id, report_id, name, version, widgets, controls, created_at, updated_at)
                        VALUES (:tenant, :id, :name, :version, :widgets, :controls, :created, :updated)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("tenant", report.tenant().value())
                .bind("id", report.id().value())
                .bind("name", report.name())
                .bind("version", report.version())
                .bind("widgets", ReportJson.widgets(report.widgets()).toString())
                .bind("controls", report.controls().toJson().toString())
                .bind("created", report.createdAt().toEpochMilli())
                .bind("updated", report.updatedAt().toEpochMilli())
                .execute());
        if (added == 0) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there is such a report already");
        }
    }

    @Override
    public Optional<Report> find(TenantId tenant, ReportId id) {
        return database.read(handle -> handle.createQuery("""
                        SELECT report_id, name, version, widgets, controls, created_at, updated_at FROM reports
                        WHERE tenant_id = :tenant AND report_id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map((row, _) -> report(tenant, row))
                .findOne());
    }

    @Override
    public List<Report> list(TenantId tenant) {
        return database.read(handle -> handle.createQuery("""
                        SELECT report_id, name, version, widgets, controls, created_at, updated_at FROM reports
                        WHERE tenant_id = :tenant ORDER BY created_at, report_id
                        """)
                .bind("tenant", tenant.value())
                .map((row, _) -> report(tenant, row))
                .list());
    }

    @Override
    public boolean replace(Report report) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE reports SET name = :name, version = :version, widgets = :widgets, controls = :controls, updated_at = :updated
                        WHERE tenant_id = :tenant AND report_id = :id AND version = :before
                        """)
                        .bind("name", report.name())
                        .bind("version", report.version())
                        .bind("widgets", ReportJson.widgets(report.widgets()).toString())
                        .bind("controls", report.controls().toJson().toString())
                        .bind("updated", report.updatedAt().toEpochMilli())
                        .bind("tenant", report.tenant().value())
                        .bind("id", report.id().value())
                        .bind("before", report.version() - 1)
                        .execute()
                == 1);
    }

    @Override
    public boolean remove(TenantId tenant, ReportId id) {
        return database.write(
                handle -> handle.createUpdate("DELETE FROM reports WHERE tenant_id = :tenant AND report_id = :id")
                                .bind("tenant", tenant.value())
                                .bind("id", id.value())
                                .execute()
                        == 1);
    }

    private static Report report(TenantId tenant, ResultSet row) throws SQLException {
        return new Report(
                tenant,
                new ReportId(row.getString("report_id")),
                row.getString("name"),
                row.getLong("version"),
                ReportJson.storedWidgets(row.getString("widgets")),
                ReportJson.storedControls(row.getString("controls")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }
}
