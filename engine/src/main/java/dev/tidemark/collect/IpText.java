package dev.tidemark.collect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IP addresses in texts: where they stand, and without the part that tells one household from another. */
final class IpText {
    private static final int QUADS = 4;
    private static final int GROUPS = 8;
    private static final int KEPT_GROUPS = 3;

    private IpText() {}

    static Finder.Span find(String text, int from) {
        int at = from;
        while (at < text.length()) {
            if (!isPart(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            int dots = 0;
            int colons = 0;
            while (end < text.length() && isPart(text.charAt(end))) {
                dots += text.charAt(end) == '.' ? 1 : 0;
                colons += text.charAt(end) == ':' ? 1 : 0;
                end++;
            }
            if (dots >= QUADS - 1 || colons >= 2) {
                Finder.Span found = within(text, at, end);
                if (found.exists()) {
                    return found;
                }
            }
            at = end + 1;
        }
        return Finder.Span.NONE;
    }

    /** IPv4 without its last quarter, IPv6 without all but its first 48 bits; null for what is no address. */
    static @Nullable String truncated(String address) {
        if (isVersion4(address)) {
            return address.substring(0, address.lastIndexOf('.')) + ".0";
        }
        List<String> groups = groups(address);
        return groups == null ? null : String.join(":", groups.subList(0, KEPT_GROUPS)) + "::";
    }

    /** The run without its punctuation, without a port, or each address of a list without blanks. */
    private static Finder.Span within(String text, int start, int end) {
        for (int from = start; from < end; from++) {
            if (from > 0 && Character.isLetterOrDigit(text.charAt(from - 1))) {
                continue;
            }
            for (int to = end; to > from; to--) {
                if (to < text.length() && Character.isLetterOrDigit(text.charAt(to))) {
                    continue;
                }
                String part = text.substring(from, to);
                if (isVersion4(part) || groups(part) != null) {
                    return new Finder.Span(from, to);
                }
            }
        }
        return Finder.Span.NONE;
    }

    private static boolean isVersion4(String text) {
        String[] quads = text.split("\\.", -1);
        if (quads.length != QUADS) {
            return false;
        }
        for (String quad : quads) {
            if (quad.isEmpty() || quad.length() > 3 || !quad.chars().allMatch(each -> each >= '0' && each <= '9')) {
                return false;
            }
            if (Integer.parseInt(quad) > 255) {
                return false;
            }
        }
        return true;
    }

    /** The eight groups of an IPv6 address; null for what is none. */
    private static @Nullable List<String> groups(String text) {
        if (text.indexOf(':') < 0 || text.length() > 45) {
            return null;
        }
        String plain = text;
        int colon = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            if (!isVersion4(text.substring(colon + 1))) {
                return null;
            }
            plain = text.substring(0, colon + 1) + "0:0";
        }
        int gap = plain.indexOf("::");
        if (gap >= 0 && (plain.indexOf("::", gap + 1) >= 0 || plain.length() == 2)) {
            return null;
        }
        List<String> head = parts(gap < 0 ? plain : plain.substring(0, gap));
        List<String> tail = parts(gap < 0 ? "" : plain.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int missing = GROUPS - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            return null;
        }
        List<String> groups = new ArrayList<>(head);
        for (int zero = 0; zero < missing; zero++) {
            groups.add("0");
        }
        groups.addAll(tail);
        return groups;
    }

    private static @Nullable List<String> parts(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> parts = List.of(text.split(":", -1));
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 4 || !part.chars().allMatch(each -> isHex((char) each))) {
                return null;
            }
        }
        return parts;
    }

    private static boolean isPart(char each) {
        return each == '.' || each == ':' || isHex(each);
    }

    private static boolean isHex(char each) {
        return each >= '0' && each <= '9' || each >= 'a' && each <= 'f' || each >= 'A' && each <= 'F';
    }
}
