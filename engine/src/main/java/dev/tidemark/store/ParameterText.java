package dev.tidemark.store;

import java.util.List;
import java.util.stream.Collectors;

/** Values of {@code {name:Type}} placeholders in the form that the engine reads them in: escaped text, lists in brackets with quoted texts. */
final class ParameterText {
    private ParameterText() {}

    static String of(Object value) {
        return switch (value) {
            case String text -> escaped(text);
            case List<?> list -> list.stream().map(ParameterText::element).collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }

    private static String element(Object value) {
        return value instanceof String text ? "'" + escaped(text).replace("'", "\\'") + "'" : value.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\0", "\\0");
    }
}
