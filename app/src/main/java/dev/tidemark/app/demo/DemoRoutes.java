package dev.tidemark.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.PagePolicy;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.report.Report;
import dev.tidemark.report.Reports;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of another product that embeds the sample report, and the one route that such a product's own server would have: it asks
 * for an embed token. Open to anyone who reaches the server, so it exists only with the demo.
 */
public final class DemoRoutes implements Routes {
    private static final String REPORT = "overview.json";

    /** What stands for the key in the page. */
    private static final String WRITE_KEY = "WRITE_KEY";

    private final EmbedTokens tokens;
    private final WebFiles files;
    private final Report report;
    private final Secret writeKey;
    private final @Nullable String publicOrigin;

    private DemoRoutes(
            EmbedTokens tokens, WebFiles files, Report report, Secret writeKey, @Nullable String publicOrigin) {
        this.tokens = tokens;
        this.files = files;
        this.report = report;
        this.writeKey = writeKey;
        this.publicOrigin = publicOrigin;
    }

    /**
     * Makes the sample report unless the tenant has one already; the tenant's first report is what the page shows.
     *
     * @param writeKey of the tenant, by which the page sends what is done on it; public, as such keys are
     */
    public static DemoRoutes withReport(
            Reports reports,
            EmbedTokens tokens,
            WebFiles files,
            TenantId tenant,
            Secret writeKey,
            @Nullable String publicOrigin) {
        List<Report> known = reports.list(tenant);
        Report report = known.isEmpty() ? reports.create(tenant, definition()) : known.getFirst();
        return new DemoRoutes(tokens, files, report, writeKey, publicOrigin);
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/demo/host", Access.PUBLIC, _ -> hostPage());
        table.blocking(HttpMethod.GET, "/demo/embed-url", Access.PUBLIC, this::embedUrl);
    }

    private Reply hostPage() {
        String framed = publicOrigin == null ? "'self'" : "'self' " + publicOrigin;
        String page = files.text("demo-host.html")
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such file"));
        return PagePolicy.on(
                        Reply.text(200, "text/html; charset=utf-8", page.replace(WRITE_KEY, writeKey.reveal())),
                        "frame-src " + framed,
                        "form-action 'none'",
                        "frame-ancestors 'self'")
                .withHeader("Referrer-Policy", "same-origin")
                .withHeader("Cache-Control", "no-cache");
    }

    private Reply embedUrl(Call call) {
        EmbedTokens.Issued issued = tokens.issue(new EmbedTokens.Grant(
                report.tenant(), report.id().value(), null, List.of(), "auto", EmbedTokens.DEFAULT_LIFETIME));
        String origin = publicOrigin == null ? call.origin() : publicOrigin;
        return Reply.json(
                        200,
                        Map.of(
                                "embed_url",
                                origin + "/embed/reports/" + report.id().value() + "?token=" + issued.token(),
                                "report_id",
                                report.id().value(),
                                "expires_at",
                                issued.expiresAt().toString()))
                .withHeader("Cache-Control", "no-store");
    }

    private static JsonNode definition() {
        try (InputStream in = DemoRoutes.class.getResourceAsStream(REPORT)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the sample report cannot be read", e);
        }
    }
}
