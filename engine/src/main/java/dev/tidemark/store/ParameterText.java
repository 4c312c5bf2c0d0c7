package dev.tidemark.store;

import java.util.List;
import java.util.stream.Collectors;

/** Writes parameter values as the engine reads them: an escaped text, in arrays a quoted literal. */
final class ParameterText {
    private ParameterText() {}

    static String of(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(ParameterText::literal).collect(Collectors.joining(",", "[", "]"))
                : value instanceof String text ? escape(text) : number(value);
    }

    private static String literal(Object value) {
        return value instanceof String text ? "'" + escape(text).replace("'", "\\'") + "'" : number(value);
    }

    private static String number(Object value) {
        if (value instanceof Double number) {
            if (number.isNaN()) {
                return "nan";
            }
            if (number.isInfinite()) {
                return number > 0 ? "inf" : "-inf";
            }
        }
        return value.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String replacement = switch (c) {
                case '\\' -> "\\\\";
                case '\t' -> "\\t";
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\0' -> "\\0";
                case '\b' -> "\\b";
                case '\f' -> "\\f";
                default -> null;
            };
            if (replacement != null && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (escaped != null) {
                if (replacement != null) {
                    escaped.append(replacement);
                } else {
                    escaped.append(c);
                }
            }
        }
        return escaped == null ? text : escaped.toString();
    }
}
