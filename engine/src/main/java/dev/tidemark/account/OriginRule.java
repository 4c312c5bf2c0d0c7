package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Web origins that are allowed: one, as in {@code https://app.example.com:8443}, or all subdomains of a host, as in {@code
 * https://*.example.com}. The form is such that it can stand in a Content-Security-Policy as it is.
 */
public record OriginRule(String value) {
    private static final int MAX_RULES = 50;
    private static final int MAX_LENGTH = 255;
    private static final Pattern FORM = Pattern.compile(
            "https?://(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?"
                    + "|https?://\\[[0-9a-f:.]+](:[0-9]{1,5})?");

    public OriginRule {
        if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "an origin is a scheme, a host and perhaps a port, as in https://app.example.com or https://*.example.com");
        }
    }

    /** Reads a list of origins; a failure names the field and the index. */
    public static List<String> checked(List<String> texts, String field) {
        if (texts.size() > MAX_RULES) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "at most " + MAX_RULES + " origins", field);
        }
        return IntStream.range(0, texts.size())
                .mapToObj(index -> checked(texts.get(index), field + "[" + index + "]"))
                .distinct()
                .toList();
    }

    /** Whether one of the rules allows an origin, as a browser sends it; no rules allow any. */
    public static boolean allowed(List<String> rules, String origin) {
        return rules.isEmpty() || rules.stream().anyMatch(rule -> new OriginRule(rule).allows(origin));
    }

    private static String checked(String text, String field) {
        String origin = text.strip().toLowerCase(Locale.ROOT);
        try {
            return new OriginRule(origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin).value();
        } catch (TidemarkException e) {
            throw new TidemarkException(e.code(), e.detail(), field);
        }
    }

    private boolean allows(String origin) {
        String candidate = origin.toLowerCase(Locale.ROOT);
        int star = value.indexOf("*.");
        if (star < 0) {
            return candidate.equals(value);
        }
        String scheme = value.substring(0, star);
        String parent = value.substring(star + 1);
        return candidate.startsWith(scheme)
                && candidate.endsWith(parent)
                && candidate.length() > scheme.length() + parent.length()
                && FORM.matcher(candidate).matches();
    }
}
