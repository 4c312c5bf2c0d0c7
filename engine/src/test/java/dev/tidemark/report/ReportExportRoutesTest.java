package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ServerFixture;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.ExportRoutes;
import dev.tidemark.query.Exports;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Positions;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports over HTTP, on the real engine. */
final class ReportExportRoutesTest {
    private static final String REPORT = """
            {"report_name":"Sales / Überblick","widgets":[
              {"type":"table","title":"Countries","question":{"measures":[{"name":"n","measure":"events"}],
               "breakdowns":["country"],"range":{"start_time":"2026-02-01","end_time":"2026-02-28"}}},
              {"type":"metric","title":"All","question":{"measures":[{"name":"n","measure":"events"}],
               "range":{"start_time":"2026-02-01","end_time":"2026-02-28"}}}]}""";
    private static final String FILTER = "{\"property\":\"country\",\"operator\":\"eq\",\"value\":\"DE\"}";

    @TempDir
    Path directory;

    private final TenantId tenant = new TenantId("export-" + UUID.randomUUID());
    private ServerFixture server;
    private Report report;

    @BeforeEach
    void open() throws Exception {
        EventStore store = EngineFixture.shared().store();
        Exports exports =
                new Exports(new QueryEngine(store, dev.tidemark.base.TimeSource.system(), new SimpleMeterRegistry()));
        server = new ServerFixture(directory);
        new ReportExportRoutes(server.reports, exports, server.runner, server.time).register(server.table);
        new ExportRoutes(exports, store, new Positions(), server.tenants, CohortDirectory.EMPTY, server.time)
                .register(server.table);
        server.accounts.ensureTenant(tenant);
        report = server.reports.create(tenant, ServerFixture.JSON.readTree(REPORT));
        store.insert(store.encodeEvents(
                UUID.randomUUID().toString(), List.of(event(0, "DE"), event(1, "DE"), event(2, "=cmd()"))));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sendsTheRowsOfAWidget() {
        String key = server.key(tenant, AccessKey.Kind.SECRET);
        HttpResponse<String> response = server.get(path(0, "csv"), key);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("country,n\r\nDE,2\r\n\"'=cmd()\",1\r\n");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"Sales-berblick-Countries.csv\"");
        assertThat(server.get(path(1, "json"), key).body())
                .contains("\"measure\":\"n\"")
                .contains("\"value\":3");
        assertThat(server.get(path(1, "json") + "&start_time=2026-02-20", key).body())
                .contains("\"value\":0");
        assertThat(server.get("/api/v1/reports/" + report.id() + "/export", key).statusCode())
                .isEqualTo(400);
        assertThat(server.get("/api/v1/reports/" + report.id() + "/export?widget=none", key)
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.get(path(1, "xml"), key).statusCode()).isEqualTo(400);
    }

    @Test
    void anEmbedTokenGetsItsOwnReportUnderItsLockedFilter() throws Exception {
        String token = server.tokens
                .issue(new EmbedTokens.Grant(
                        tenant,
                        report.id().value(),
                        ServerFixture.JSON.readTree(FILTER),
                        List.of(),
                        "auto",
                        Duration.ofHours(1)))
                .token();
        HttpResponse<String> response = server.get(path(0, "csv"), token);
        assertThat(response.body()).isEqualTo("country,n\r\nDE,2\r\n");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(server.get("/api/v1/events/export", token).statusCode()).isEqualTo(403);
        assertThat(server.send("POST", "/api/v1/query/export", "{}", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(403);
        String other = server.embedToken(tenant, "another");
        assertThat(server.get(path(0, "csv"), other).statusCode()).isEqualTo(403);
    }

    @Test
    void eventsAreForTheTenantsSecretKeyOnly() {
        String range = "/api/v1/events/export?format=json&start_time=2026-02-01&end_time=2026-02-28";
        HttpResponse<String> own = server.get(range, server.key(tenant, AccessKey.Kind.SECRET));
        assertThat(own.body().lines()).hasSize(3);
        assertThat(server.get(range, server.key(tenant, AccessKey.Kind.WRITE)).statusCode())
                .isEqualTo(403);
        assertThat(server.get(range, server.key(ServerFixture.OTHER, AccessKey.Kind.SECRET))
                        .body())
                .isEmpty();
        assertThat(server.get(path(0, "csv"), server.key(ServerFixture.OTHER, AccessKey.Kind.SECRET))
                        .statusCode())
                .isEqualTo(404);
    }

    private String path(int widget, String format) {
        return "/api/v1/reports/" + report.id() + "/export?format=" + format + "&widget="
                + report.widgets().get(widget).id();
    }

    private StoredEvent event(int index, String country) {
        long millis = Instant.parse("2026-02-10T10:00:00Z").toEpochMilli() + index;
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        context.put(ContextField.COUNTRY, country);
        return new StoredEvent(
                new Event(
                        tenant,
                        new EventId("e" + index),
                        false,
                        "view",
                        millis,
                        millis,
                        "u" + index,
                        null,
                        null,
                        context,
                        Attributes.NONE,
                        Attributes.NONE,
                        false,
                        Event.NEVER_EXPIRES),
                new JournalAddress(0, index),
                index + 1,
                Attributes.NONE);
    }
}
