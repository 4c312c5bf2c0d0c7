package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine answers and as whom to speak to it.
 *
 * @param url scheme, host and port
 * @param database letters, digits and underscores
 * @param writer may define tables, insert and kill queries
 * @param reader asks questions; may be the same login
 */
public record EngineAddress(URI url, String database, Login writer, Login reader) {
    private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final String DEFAULT_DATABASE = "tidemark";
    private static final int DEFAULT_PORT = 8123;
    private static final int DEFAULT_TLS_PORT = 8443;

    /** A user of the engine. */
    public record Login(String user, Secret password) {}

    public EngineAddress {
        if (!DATABASE.matcher(database).matches()) {
            throw invalid("the database's name may have letters, digits and underscores only: '" + database + "'");
        }
    }

    /** Reads {@code http[s]://[user[:password]@]host[:port][/database]}, as operators write it. */
    public static EngineAddress parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException malformed) {
            throw invalid("it is not a URL");
        }
        String scheme = uri.getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw invalid("it must start with http:// or https://");
        }
        if (uri.getHost() == null) {
            throw invalid("it names no host");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw invalid("it takes no query and no fragment");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? DEFAULT_TLS_PORT : DEFAULT_PORT;
        String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
        Login login = login(uri.getRawUserInfo());
        return new EngineAddress(
                URI.create(scheme + "://" + uri.getHost() + ":" + port),
                path.isEmpty() ? DEFAULT_DATABASE : path,
                login,
                login);
    }

    private static Login login(@Nullable String userInfo) {
        if (userInfo == null) {
            return new Login("default", new Secret(""));
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        return new Login(decode(user), new Secret(decode(password)));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static TidemarkException invalid(String why) {
        return new TidemarkException(
                ErrorCode.INVALID_CONFIGURATION,
                "the ClickHouse URL must look like http://user:password@host:8123/database: " + why,
                "clickhouse-url");
    }
}
