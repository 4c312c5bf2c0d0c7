package dev.tidemark.http;

import dev.tidemark.account.Credential;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.OriginRule;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises keys and embed tokens in a request. A credential comes as {@code Authorization: Bearer}, as the user name of
 * {@code Authorization: Basic}, as {@code X-API-Key} or {@code X-Write-Key}; a write key, which is no secret, also as the
 * parameter {@code key}. Never blocks. Thread-safe.
 */
public final class HttpAuthentication implements Authentication {
    private static final String REPORT_PARAMETER = "id";

    private final TenantDirectory directory;
    private final EmbedTokens embedTokens;

    public HttpAuthentication(TenantDirectory directory, EmbedTokens embedTokens) {
        this.directory = directory;
        this.embedTokens = embedTokens;
    }

    @Override
    public Call authenticate(Call call, Access access) {
        if (access == Access.PUBLIC) {
            return call;
        }
        String presented = presented(call, access)
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.UNAUTHENTICATED, "this needs a key, sent as 'Authorization: Bearer <key>'"));
        Credential credential = looksLikeToken(presented)
                ? token(presented)
                : directory
                        .authenticate(presented)
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
            case EmbedTokens.Outcome.Invalid _ ->
                throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "the embed token is not valid");
        };
    }

    private static void requireTenantHeader(Call call, Credential credential) {
        Optional<String> named = call.header("X-Tenant-ID");
        if (named.isPresent() && !named.get().equals(credential.tenant().value())) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "X-Tenant-ID is not the tenant of the credential");
        }
    }

    private static void requireEnough(Call call, Credential credential, Access access) {
        switch (credential) {
            case Credential.SecretKey _ -> {}
            case Credential.WriteKey write -> {
                if (access != Access.INGEST) {
                    throw new TidemarkException(
                            ErrorCode.FORBIDDEN, "a write key may only send events: this needs a secret key");
                }
                requireOrigin(call, write.origins());
            }
            case Credential.EmbedToken token -> {
                if (access != Access.VIEW
                        || !token.reportId().equals(call.pathParameters().get(REPORT_PARAMETER))) {
                    throw new TidemarkException(ErrorCode.FORBIDDEN, "an embed token may only see its own report");
                }
                requireOrigin(call, token.origins());
            }
        }
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
                .or(() -> access == Access.INGEST
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
