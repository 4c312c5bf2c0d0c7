package dev.tidemark.http;

import java.time.Duration;
import java.util.Optional;

/**
 * The cookie that holds a session. No script reads it, no page of another site has it sent along, and over TLS it goes to this very host
 * alone, which its name promises to browsers.
 */
public final class SessionCookie {
    private static final String PLAIN = "tidemark_session";
    private static final String SECURE = "__Host-tidemark_session";

    private SessionCookie() {}

    /** What a call brings. */
    public static Optional<String> of(Call call, boolean secure) {
        return value(call, secure ? SECURE : PLAIN);
    }

    /** The value of a cookie of any name. */
    public static Optional<String> value(Call call, String name) {
        String prefix = name + "=";
        for (String part : call.header("Cookie").orElse("").split(";")) {
            String pair = part.strip();
            if (pair.startsWith(prefix) && pair.length() > prefix.length()) {
                return Optional.of(pair.substring(prefix.length()));
            }
        }
        return Optional.empty();
    }

    /** The header that keeps a session for so long. */
    public static String keep(String value, Duration lifetime, boolean secure) {
        return text(secure ? SECURE : PLAIN, value, "Strict", lifetime, secure);
    }

    /** The header that removes it. */
    public static String remove(boolean secure) {
        return keep("", Duration.ZERO, secure);
    }

    /** Any cookie that no script reads. */
    public static String text(String name, String value, String sameSite, Duration lifetime, boolean secure) {
        return name + "=" + value + "; Path=/; HttpOnly; SameSite=" + sameSite + "; Max-Age=" + lifetime.toSeconds()
                + (secure ? "; Secure" : "");
    }
}
