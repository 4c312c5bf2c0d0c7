package dev.tidemark.collect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A web address taken apart, leniently: addresses in the wild are not all valid URIs.
 *
 * @param host in lower case, without user and port; null for an address without one
 * @param path as written, at least {@code /}; null where there is neither host nor a path from the root
 */
record PageAddress(@Nullable String host, @Nullable String path, String query) {
    static final PageAddress NONE = new PageAddress(null, null, "");

    static PageAddress of(@Nullable String address) {
        if (address == null) {
            return NONE;
        }
        int end = address.indexOf('#');
        String bare = end < 0 ? address : address.substring(0, end);
        int question = bare.indexOf('?');
        String query = question < 0 ? "" : bare.substring(question + 1);
        String upToQuery = question < 0 ? bare : bare.substring(0, question);
        int scheme = upToQuery.indexOf("://");
        int authority = scheme > 0 ? scheme + 3 : upToQuery.startsWith("//") ? 2 : -1;
        if (authority < 0) {
            return new PageAddress(null, upToQuery.startsWith("/") ? upToQuery : null, query);
        }
        int slash = upToQuery.indexOf('/', authority);
        String path = slash < 0 ? "/" : upToQuery.substring(slash);
        return new PageAddress(
                host(upToQuery.substring(authority, slash < 0 ? upToQuery.length() : slash)), path, query);
    }

    /** A query parameter, decoded; null when absent, empty, or not a text that can be stored. */
    @Nullable
    String parameter(String name) {
        for (int at = query.indexOf(name); at >= 0; at = query.indexOf(name, at + 1)) {
            int equals = at + name.length();
            if ((at == 0 || query.charAt(at - 1) == '&') && equals < query.length() && query.charAt(equals) == '=') {
                int end = query.indexOf('&', equals);
                String value = decoded(query.substring(equals + 1, end < 0 ? query.length() : end));
                return value.isEmpty() || !Texts.storable(value) ? null : value;
            }
        }
        return null;
    }

    boolean hasCampaign() {
        return query.contains("utm_");
    }

    /** With percent escapes resolved, as far as they are well-formed. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static @Nullable String host(String authority) {
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int bracket = host.indexOf(']');
        int colon = host.indexOf(':', Math.max(bracket, 0));
        String bare = colon < 0 ? host : host.substring(0, colon);
        return bare.isEmpty() ? null : bare.toLowerCase(Locale.ROOT);
    }
}
