package dev.tidemark.embed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportId;
import dev.tidemark.report.Reports;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives out what embeds a report in another page, and serves the page that is embedded. */
public final class EmbedRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE_FILE = "embed.html";

    private final Reports reports;
    private final EmbedTokens tokens;
    private final WebFiles files;
    private final TimeSource clock;
    private final @Nullable String publicOrigin;

    /**
     * With the server's own address.
     *
     * @param publicOrigin under which browsers reach this server, as in {@code https://stats.example.com}; null takes that of
     *     each request
     */
    public EmbedRoutes(
            Reports reports, EmbedTokens tokens, WebFiles files, TimeSource clock, @Nullable String publicOrigin) {
        this.reports = reports;
        this.tokens = tokens;
        this.files = files;
        this.clock = clock;
        this.publicOrigin = publicOrigin;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/reports/:id/embed", Access.SECRET, this::code);
        table.blocking(HttpMethod.POST, "/api/v1/reports/:id/embed-tokens", Access.SECRET, this::token);
        table.blocking(HttpMethod.GET, "/embed/reports/:id", Access.PUBLIC, this::page);
    }

    private Reply code(Call call) {
        Report report = report(call);
        EmbedRequest request = EmbedRequest.ofQuery(call);
        String width = EmbedRequest.length(call, "width", "100%");
        String height = EmbedRequest.length(call, "height", "600px");
        EmbedTokens.Issued issued = tokens.issue(grant(report, request));
        EmbedCode code = new EmbedCode(report, origin(call), issued.token(), width, height, request.theme());
        ObjectNode answer = JSON.createObjectNode()
                .put("embed_code", code.iframe())
                .put("embed_url", code.url())
                .put("javascript_sdk", code.element())
                .put("expires_at", issued.expiresAt().toString());
        return Reply.json(200, answer);
    }

    private Reply token(Call call) {
        Report report = report(call);
        EmbedRequest request = EmbedRequest.ofBody(
                call.body().length == 0 ? JSON.createObjectNode() : call.jsonObject(), reports.context(call.tenant()));
        EmbedTokens.Issued issued = tokens.issue(grant(report, request));
        ObjectNode answer = JSON.createObjectNode()
                .put("token", issued.token())
                .put("expires_at", issued.expiresAt().toString());
        return Reply.json(201, answer);
    }

    private Reply page(Call call) {
        Optional<String> presented = call.queryParameter("token");
        if (presented.isEmpty()) {
            return EmbedPage.problem(401, "No access", "The address of this report lacks its token.");
        }
        return switch (tokens.verify(presented.get())) {
            case EmbedTokens.Outcome.Valid valid -> page(call, valid.token());
            case EmbedTokens.Outcome.Expired _ ->
                EmbedPage.problem(401, "Access has expired", "Reload the page around this report to see it again.");
            case EmbedTokens.Outcome.Invalid _ ->
                EmbedPage.problem(401, "No access", "The token of this report is not valid.");
        };
    }

    private Reply page(Call call, Credential.EmbedToken token) {
        if (!token.reportId().equals(call.pathParameter("id"))) {
            return EmbedPage.problem(403, "No access", "The token is for another report.");
        }
        return files.text(PAGE_FILE)
                .map(html -> EmbedPage.show(html, token.origins()))
                .orElseGet(() -> EmbedPage.problem(
                        503, "Not built yet", "The pages of this server have not been built: run ./tidemark up."));
    }

    private Report report(Call call) {
        return reports.find(call.tenant(), new ReportId(call.pathParameter("id")));
    }

    private String origin(Call call) {
        return publicOrigin == null ? call.origin() : publicOrigin;
    }

    private static EmbedTokens.Grant grant(Report report, EmbedRequest request) {
        return new EmbedTokens.Grant(
                report.tenant(),
                report.id().value(),
                request.lockedFilter(),
                request.origins(),
                request.theme(),
                request.lifetime());
    }
}
