package dev.tidemark.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EmbedRevocations;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives out what embeds a report in another page, and serves the page that is embedded. */
public final class EmbedRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE_FILE = "embed.html";
    private static final int MAX_TOKEN_ID = 200;

    private final Reports reports;
    private final EmbedTokens tokens;
    private final EmbedRevocations revocations;
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
            Reports reports,
            EmbedTokens tokens,
            EmbedRevocations revocations,
            WebFiles files,
            TimeSource clock,
            @Nullable String publicOrigin) {
        this.reports = reports;
        this.tokens = tokens;
        this.revocations = revocations;
        this.files = files;
        this.clock = clock;
        this.publicOrigin = publicOrigin;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.GET, "/api/v1/reports/:id/embed", Access.onReport(Permission.REPORTS_SHARE), this::code);
        table.blocking(
                HttpMethod.POST,
                "/api/v1/reports/:id/embed-tokens",
                Access.onReport(Permission.REPORTS_SHARE),
                this::token);
        table.blocking(
                HttpMethod.POST,
                "/api/v1/reports/:id/embed-tokens/revoke",
                Access.onReport(Permission.REPORTS_SHARE),
                this::revoke);
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
                call.body().length == 0 ? JSON.createObjectNode() : call.jsonObject(),
                report,
                reports.context(call.tenant()));
        EmbedTokens.Issued issued = tokens.issue(grant(report, request));
        ObjectNode answer = JSON.createObjectNode()
                .put("token", issued.token())
                .put("token_id", issued.id())
                .put("expires_at", issued.expiresAt().toString());
        return Reply.json(201, answer);
    }

    /** Ends one token, or all that were issued for the report until now. */
    private Reply revoke(Call call) {
        Report report = report(call);
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("token_id", "all"));
        boolean all = body.path("all").isBoolean() && body.path("all").booleanValue();
        String tokenId = body.path("token_id").asText("");
        if (all == body.path("token_id").isTextual()
                || (!all && (tokenId.isEmpty() || tokenId.length() > MAX_TOKEN_ID))) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "say either token_id, the jti of a token, or \"all\": true", "token_id");
        }
        if (all) {
            revocations.revokeReport(call.tenant(), report.id().value());
        } else {
            revocations.revokeToken(call.tenant(), tokenId);
        }
        return Reply.empty(204);
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
            case EmbedTokens.Outcome.Revoked _ ->
                EmbedPage.problem(401, "Access has ended", "The token of this report has been revoked.");
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
                request.lifetime(),
                request.pickers(),
                "",
                request.controls());
    }
}
