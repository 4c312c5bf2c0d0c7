package dev.tidemark.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under which address browsers reach this server.
 *
 * @param origin scheme, host and port; null for that of each request
 * @param trustedProxies how many proxies in front append to {@code X-Forwarded-For}
 */
public record PublicAddress(@Nullable String origin, int trustedProxies) {

    /** The network address of the caller; behind trusted proxies, what the outermost of them saw. */
    public String client(Call call) {
        Optional<String> forwarded = trustedProxies == 0 ? Optional.empty() : call.header("X-Forwarded-For");
        if (forwarded.isEmpty()) {
            return call.peer();
        }
        String[] hops = forwarded.get().split(",", -1);
        return hops[Math.max(0, hops.length - trustedProxies)].strip();
    }

    /** Scheme, host and port for a call. */
    public String of(Call call) {
        return origin == null ? call.origin() : origin;
    }

    /** Whether what the browser sends is protected by TLS. */
    public boolean secure(Call call) {
        return of(call).startsWith("https:");
    }

    /** Whether a page of this server, and of no other, sent the call: judged by what browsers say and pages cannot change. */
    public boolean sentByOwnPage(Call call) {
        Optional<String> from = call.header("Origin");
        if (from.isPresent()) {
            return from.get().equals(of(call)) || from.get().equals(call.origin());
        }
        return call.header("Sec-Fetch-Site")
                .map(site -> site.equals("same-origin") || site.equals("none"))
                .orElse(true);
    }
}
