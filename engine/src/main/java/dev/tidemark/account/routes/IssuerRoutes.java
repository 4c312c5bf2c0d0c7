package dev.tidemark.account.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.BearerTokens;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.Permission;
import dev.tidemark.account.Role;
import dev.tidemark.account.TokenIssuer;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose bearer tokens the caller's tenant trusts. */
public final class IssuerRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/token-issuers";
    private static final Access MANAGE = Access.needs(Permission.TENANT_MANAGE);
    private static final int MAX_TEXT = 500;

    private final BearerTokens tokens;
    private final OutboundWeb web;

    public IssuerRoutes(BearerTokens tokens, OutboundWeb web) {
        this.tokens = tokens;
        this.web = web;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, MANAGE, this::list);
        table.blocking(HttpMethod.POST, ALL, MANAGE, this::trust);
        table.blocking(HttpMethod.DELETE, ALL + "/:issuerId", MANAGE, this::distrust);
    }

    private Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("issuers");
        tokens.issuers(call.tenant()).forEach(issuer -> list.add(json(issuer)));
        return Reply.json(200, answer);
    }

    private Reply trust(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(
                body,
                "",
                List.of(
                        "issuer",
                        "algorithm",
                        "secret",
                        "jwks_url",
                        "audience",
                        "tenant_claim",
                        "role_claim",
                        "highest_role"));
        String audience = text(body, "audience", "");
        TokenIssuer issuer = tokens.trust(new TokenIssuer(
                "",
                call.tenant(),
                text(body, "issuer", null),
                algorithm(body),
                body.hasNonNull("secret") ? new Secret(text(body, "secret", null)) : null,
                body.hasNonNull("jwks_url") ? web.checked(text(body, "jwks_url", null), "jwks_url") : null,
                audience.isEmpty() ? null : audience,
                text(body, "tenant_claim", "tenant"),
                text(body, "role_claim", "role"),
                Role.of(text(body, "highest_role", "admin"), "highest_role"),
                Instant.EPOCH));
        Change.tell(null, json(issuer));
        return Reply.json(201, json(issuer));
    }

    private Reply distrust(Call call) {
        String id = call.pathParameter("issuerId");
        tokens.issuers(call.tenant()).stream()
                .filter(issuer -> issuer.id().equals(id))
                .forEach(issuer -> Change.tell(json(issuer), null));
        tokens.distrust(call.tenant(), id);
        return Reply.empty(204);
    }

    private static TokenIssuer.Algorithm algorithm(JsonNode body) {
        for (TokenIssuer.Algorithm algorithm : TokenIssuer.Algorithm.values()) {
            if (algorithm.name().equals(body.path("algorithm").asText())) {
                return algorithm;
            }
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be HS256, RS256 or ES256", "algorithm");
    }

    private static String text(JsonNode body, String name, @Nullable String otherwise) {
        String text = otherwise == null ? Call.text(body, name) : Call.text(body, name, otherwise);
        if ((otherwise == null && text.isBlank()) || text.length() > MAX_TEXT) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must have 1 to " + MAX_TEXT + " characters", name);
        }
        return text;
    }

    /** Without the secret, which nobody can read again. */
    private static ObjectNode json(TokenIssuer issuer) {
        URI jwksUrl = issuer.jwksUrl();
        return JSON.createObjectNode()
                .put("issuer_id", issuer.id())
                .put("issuer", issuer.issuer())
                .put("algorithm", issuer.algorithm().name())
                .put("jwks_url", jwksUrl == null ? null : jwksUrl.toString())
                .put("audience", issuer.audience())
                .put("tenant_claim", issuer.tenantClaim())
                .put("role_claim", issuer.roleClaim())
                .put("highest_role", issuer.highestRole().wireName())
                .put("created_at", issuer.createdAt().toString());
    }
}
