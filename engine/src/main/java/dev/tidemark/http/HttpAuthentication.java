package dev.tidemark.http;

import dev.tidemark.account.Authorization;
import dev.tidemark.account.BearerTokens;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.OriginRule;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises who sends a request and asks {@link Authorization} whether that is enough. A credential comes as {@code Authorization:
 * Bearer}, as the user name of {@code Authorization: Basic}, as {@code X-API-Key} or {@code X-Write-Key}; a write key, which is no secret,
 * also as the parameter {@code key}; a person's session as a cookie, which counts only where no credential is presented. Blocks only for a
 * bearer token whose issuer's keys are not known yet. Thread-safe.
 */
public final class HttpAuthentication implements Authentication {
    private static final String REPORT_PARAMETER = "id";

    private final TenantDirectory directory;
    private final EmbedTokens embedTokens;
    private final BearerTokens bearerTokens;
    private final Authorization authorization;
    private final SignedInCalls signedIn;
    private final ServerKeys serverKeys;

    public HttpAuthentication(
            TenantDirectory directory,
            EmbedTokens embedTokens,
            BearerTokens bearerTokens,
            Authorization authorization,
            SignedInCalls signedIn,
            ServerKeys serverKeys) {
        this.directory = directory;
        this.embedTokens = embedTokens;
        this.bearerTokens = bearerTokens;
        this.authorization = authorization;
        this.signedIn = signedIn;
        this.serverKeys = serverKeys;
    }

    @Override
    public Call authenticate(Call call, Access access) {
        return authenticate(call, access, true);
    }

    @Override
    public Call again(Call call, Access access) {
        return authenticate(call, access, false);
    }

    private Call authenticate(Call call, Access access, boolean used) {
        if (access.kind() == Access.Kind.ANYONE) {
            return call;
        }
        Optional<String> presented = presented(call, access);
        if (presented.isEmpty()) {
            Call known = signedIn.recognised(call, access, used).orElseThrow(BlockingDispatch::unauthenticated);
            Credential member = known.credential();
            if (member != null) {
                requireEnough(known, member, access);
            }
            return known;
        }
        if (serverKeys.isOperator(presented.get())) {
            if (access.kind() != Access.Kind.SERVER && access.kind() != Access.Kind.METRICS) {
                throw new TidemarkException(
                        ErrorCode.FORBIDDEN, "the operator's key is for the server, not for a tenant");
            }
            return Authentication.with(call, null, new Caller.Operator());
        }
        if (serverKeys.readsMetrics(presented.get())) {
            if (access.kind() != Access.Kind.METRICS) {
                throw new TidemarkException(ErrorCode.FORBIDDEN, "metrics.key reads /metrics and nothing else");
            }
            return call;
        }
        Credential credential = looksLikeToken(presented.get())
                ? token(presented.get())
                : directory
                        .authenticate(presented.get())
                        .orElseThrow(() -> new TidemarkException(
                                ErrorCode.UNAUTHENTICATED, "the key is unknown or has been revoked"));
        requireTenantHeader(call, credential);
        requireEnough(call, credential, access);
        return Authentication.with(call, credential);
    }

    private Credential token(String presented) {
        return switch (embedTokens.verify(presented)) {
            case EmbedTokens.Outcome.Valid valid -> valid.token();
            case EmbedTokens.Outcome.Expired expired ->
                throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "the embed token expired at " + expired.at());
            case EmbedTokens.Outcome.Revoked _ ->
                throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "the embed token has been revoked");
            case EmbedTokens.Outcome.Invalid _ ->
                bearerTokens
                        .verify(presented)
                        .orElseThrow(() -> new TidemarkException(
                                ErrorCode.UNAUTHENTICATED, "the token is not valid, or has expired"));
        };
    }

    private static void requireTenantHeader(Call call, Credential credential) {
        Optional<String> named = call.header("X-Tenant-ID");
        if (named.isPresent() && !named.get().equals(credential.tenant().value())) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "X-Tenant-ID is not the tenant of the credential");
        }
    }

    private void requireEnough(Call call, Credential credential, Access access) {
        Permission permission = access.permission();
        if (access.kind() == Access.Kind.METRICS) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN,
                    "the metrics are of all tenants: they need metrics.key, the operator's key or an administrator's session");
        }
        if (access.kind() != Access.Kind.TENANT || permission == null) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "this is for a person who has signed in");
        }
        switch (credential) {
            case Credential.SecretKey _, Credential.Bearer _, Credential.Member _ -> {}
            case Credential.WriteKey write -> {
                if (permission != Permission.EVENTS_SEND) {
                    throw new TidemarkException(
                            ErrorCode.FORBIDDEN, "a write key may only send events: this needs a secret key");
                }
                requireOrigin(call, write.origins());
            }
            case Credential.EmbedToken token -> {
                if (!access.byEmbedToken()) {
                    throw new TidemarkException(ErrorCode.FORBIDDEN, "an embed token may only see its own report");
                }
                requireOrigin(call, token.origins());
            }
        }
        if (!Authorization.permits(credential, permission) && !access.onReport()) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "this needs the permission " + permission.wireName());
        }
        if (access.onReport()) {
            requireReport(credential, permission, call.pathParameter(REPORT_PARAMETER));
        }
    }

    private void requireReport(Credential credential, Permission permission, String reportId) {
        if (authorization.permits(credential, permission, reportId)) {
            return;
        }
        if (credential instanceof Credential.EmbedToken) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "an embed token may only see its own report");
        }
        if (Authorization.permits(credential, Permission.REPORTS_VIEW)
                && !authorization.permits(credential, Permission.REPORTS_VIEW, reportId)) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such report");
        }
        throw new TidemarkException(ErrorCode.FORBIDDEN, "this needs the permission " + permission.wireName());
    }

    private static void requireOrigin(Call call, List<String> allowed) {
        Optional<String> origin = call.header("Origin");
        if (origin.isPresent() && !origin.get().equals(call.origin()) && !OriginRule.allowed(allowed, origin.get())) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "the credential is not for pages of this origin");
        }
    }

    private static Optional<String> presented(Call call, Access access) {
        Optional<String> authorization = call.header("Authorization");
        if (authorization.isPresent()) {
            return fromAuthorization(authorization.get());
        }
        return call.header("X-API-Key")
                .or(() -> call.header("X-Write-Key"))
                .or(() -> access.permission() == Permission.EVENTS_SEND
                        ? call.queryParameter("key").filter(key -> key.startsWith("wk_"))
                        : Optional.empty())
                .map(String::strip);
    }

    private static Optional<String> fromAuthorization(String header) {
        int space = header.indexOf(' ');
        String scheme = (space < 0 ? header : header.substring(0, space)).toLowerCase(Locale.ROOT);
        String value = space < 0 ? "" : header.substring(space + 1).strip();
        return switch (scheme) {
            case "bearer" -> Optional.of(value);
            case "basic" -> Optional.of(userName(value));
            default ->
                throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "Authorization must be of type Bearer or Basic");
        };
    }

    private static String userName(String base64) {
        try {
            String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? pair : pair.substring(0, colon);
        } catch (IllegalArgumentException _) {
            throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "the Basic credentials are not valid Base64");
        }
    }

    private static boolean looksLikeToken(String presented) {
        return presented.indexOf('.') >= 0;
    }
}
