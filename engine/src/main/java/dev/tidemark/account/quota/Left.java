package dev.tidemark.account.quota;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header fields that say how much of a tenant's limits is left: {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-10, and a warning past the soft share. Not thread-safe.
 */
final class Left {
    static final String POLICY = "RateLimit-Policy";
    static final String LEFT = "RateLimit";
    static final String WARNING = "Tidemark-Quota-Warning";

    private final List<String> policies = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * Of a limit with a window.
     *
     * @param quota how much there is in a window
     * @param resetSeconds after which all of it is there again, if nothing is used
     */
    void windowed(Limit limit, long quota, long windowSeconds, long remaining, long resetSeconds) {
        policies.add(name(limit) + ";q=" + quota + ";w=" + Math.max(1, windowSeconds));
        left.add(name(limit) + ";r=" + Math.max(0, remaining) + ";t=" + Math.max(0, resetSeconds));
    }

    /** Of how many there may be at a time. */
    void atOnce(Limit limit, long quota, long remaining) {
        policies.add(name(limit) + ";q=" + quota + ";qu=\"concurrent-requests\"");
        left.add(name(limit) + ";r=" + Math.max(0, remaining));
    }

    /** Warns where the soft share of a limit is used. */
    void used(Limit limit, long used, Limits limits) {
        Long soft = limits.soft(limit);
        if (soft != null && used >= soft) {
            warnings.add(name(limit) + ";used=" + used + ";hard=" + limits.hard(limit));
        }
    }

    Map<String, String> headers() {
        if (policies.isEmpty() && warnings.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (!policies.isEmpty()) {
            headers.put(POLICY, String.join(", ", policies));
            headers.put(LEFT, String.join(", ", left));
        }
        if (!warnings.isEmpty()) {
            headers.put(WARNING, String.join(", ", warnings));
        }
        return headers;
    }

    private static String name(Limit limit) {
        return '"' + limit.wireName() + '"';
    }
}
