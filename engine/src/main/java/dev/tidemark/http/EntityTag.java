package dev.tidemark.http;

import java.util.Arrays;

/** Comparison of entity tags (RFC 9110, section 13). */
public final class EntityTag {
    private EntityTag() {}

    /** Whether the caller already has the representation with this tag: its {@code If-None-Match} names it. */
    public static boolean matches(Call call, String entityTag) {
        return call.header("If-None-Match")
                .filter(header -> header.strip().equals("*")
                        || Arrays.stream(header.split(","))
                                .anyMatch(each -> opaque(each).equals(opaque(entityTag))))
                .isPresent();
    }

    private static String opaque(String tag) {
        String stripped = tag.strip();
        return stripped.startsWith("W/") ? stripped.substring(2) : stripped;
    }
}
