package dev.tidemark.store;

import java.util.ArrayList;
import java.util.List;

/** A file of statements that semicolons separate; knows quoted text and both kinds of comments. */
final class SqlScript {
    private SqlScript() {}

    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        int at = 0;
        while (at < script.length()) {
            int end = tokenEnd(script, at);
            char first = script.charAt(at);
            if (first == ';') {
                addTo(statements, statement);
            } else if (!isComment(script, at)) {
                statement.append(script, at, end);
            }
            at = end;
        }
        addTo(statements, statement);
        return statements;
    }

    private static int tokenEnd(String script, int at) {
        char first = script.charAt(at);
        if (first == '\'' || first == '"' || first == '`') {
            return quotedEnd(script, at, first);
        }
        if (script.startsWith("--", at)) {
            int end = script.indexOf('\n', at);
            return end < 0 ? script.length() : end;
        }
        if (script.startsWith("/*", at)) {
            int end = script.indexOf("*/", at + 2);
            return end < 0 ? script.length() : end + 2;
        }
        return at + 1;
    }

    private static int quotedEnd(String script, int at, char quote) {
        for (int i = at + 1; i < script.length(); i++) {
            if (script.charAt(i) == '\\') {
                i++;
            } else if (script.charAt(i) == quote) {
                return i + 1;
            }
        }
        return script.length();
    }

    private static boolean isComment(String script, int at) {
        return script.startsWith("--", at) || script.startsWith("/*", at);
    }

    private static void addTo(List<String> statements, StringBuilder statement) {
        String text = statement.toString().strip();
        if (!text.isEmpty()) {
            statements.add(text);
        }
        statement.setLength(0);
    }
}
