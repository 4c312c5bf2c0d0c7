package dev.tidemark.app.imports;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code %h %l %u [%t] "%r" %>s %b "%{Referer}i" "%{User-agent}i"}, with or without the last two, as Apache httpd and nginx
 * write it. Fields that an operator added at the end are allowed and left out. One use per line; not thread-safe.
 */
final class LogLineParser {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH)
            .withResolverStyle(ResolverStyle.STRICT);

    private final String line;
    private int at;

    private LogLineParser(String line) {
        this.line = line;
    }

    /** Fails with what is wrong and where. */
    static LogLine parse(String line) throws Malformed {
        return new LogLineParser(line).line();
    }

    private LogLine line() throws Malformed {
        String client = word("client");
        word("identity");
        String user = user();
        OffsetDateTime time = time();
        space("time");
        String request = dash(quoted("request"));
        space("request");
        Integer status = status(word("status"));
        String size = at < line.length() ? word("bytes") : lastWord("bytes");
        Long bytes = bytes(size);
        String referrer = at < line.length() ? dash(quotedField("referrer")) : null;
        String userAgent = at < line.length() ? dash(quotedField("user_agent")) : null;
        while (at < line.length()) {
            if (line.charAt(at) == '"') {
                quotedField("further field");
            } else {
                lastWord("further field");
            }
        }
        return new LogLine(client, user, time, request, status, bytes, referrer, userAgent);
    }

    /** Up to the next space, which is consumed; at the end of the line, up to there. */
    private String word(String field) throws Malformed {
        int space = line.indexOf(' ', at);
        if (space < 0) {
            if (field.equals("bytes")) {
                return lastWord(field);
            }
            throw new Malformed(field, "the line ends in " + field);
        }
        String word = line.substring(at, space);
        at = space + 1;
        if (word.isEmpty()) {
            throw new Malformed(field, field + " is empty");
        }
        return word;
    }

    private String lastWord(String field) throws Malformed {
        int space = line.indexOf(' ', at);
        int end = space < 0 ? line.length() : space;
        String word = line.substring(at, end);
        at = space < 0 ? end : end + 1;
        if (word.isEmpty()) {
            throw new Malformed(field, field + " is missing");
        }
        return word;
    }

    /** A user name may hold spaces, so it goes up to the time's bracket. */
    private @Nullable String user() throws Malformed {
        int bracket = line.indexOf(" [", at);
        if (bracket <= at) {
            throw new Malformed("time", "there is no time in brackets after the user");
        }
        String user = line.substring(at, bracket);
        at = bracket + 2;
        return user.equals("\"\"") ? null : dash(user);
    }

    private OffsetDateTime time() throws Malformed {
        int bracket = line.indexOf(']', at);
        if (bracket < 0) {
            throw new Malformed("time", "the time has no closing bracket");
        }
        String text = line.substring(at, bracket);
        at = bracket + 1;
        try {
            return OffsetDateTime.parse(text, TIME);
        } catch (DateTimeException _) {
            throw new Malformed("time", "the time is not of the form 17/May/2015:10:05:03 +0000");
        }
    }

    private void space(String after) throws Malformed {
        if (at >= line.length() || line.charAt(at) != ' ') {
            throw new Malformed(after, "the line ends, or goes on without a space, after " + after);
        }
        at++;
    }

    private String quotedField(String field) throws Malformed {
        String text = quoted(field);
        if (at < line.length()) {
            space(field);
        }
        return text;
    }

    private String quoted(String field) throws Malformed {
        if (at >= line.length() || line.charAt(at) != '"') {
            throw new Malformed(field, field + " does not start with a quote");
        }
        int start = ++at;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= line.length()) {
            throw new Malformed(field, "the line ends within " + field);
        }
        return unescape(line.substring(start, at++));
    }

    private static @Nullable Integer status(String word) throws Malformed {
        if (word.equals("-")) {
            return null;
        }
        if (word.length() != 3 || !word.chars().allMatch(c -> c >= '0' && c <= '9') || word.charAt(0) == '0') {
            throw new Malformed("status", "the status is not a number of three digits");
        }
        return Integer.valueOf(word);
    }

    private static @Nullable Long bytes(String word) throws Malformed {
        if (word.equals("-")) {
            return null;
        }
        if (word.length() > 18 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Malformed("bytes", "the size is neither a number nor a dash");
        }
        return Long.valueOf(word);
    }

    private static @Nullable String dash(String text) {
        return text.equals("-") || text.isEmpty() ? null : text;
    }

    /** Undoes the escapes of a log; bytes that are not UTF-8 stay written as escapes. */
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int run = escapedBytes(text, i);
            if (run > 0) {
                plain.append(decoded(text.substring(i, i + run)));
                i += run;
            } else if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                plain.append(
                        switch (text.charAt(i + 1)) {
                            case '"' -> "\"";
                            case '\\' -> "\\";
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            case 'b' -> "\b";
                            case 'f' -> "\f";
                            case 'v' -> "\u000B";
                            default -> text.substring(i, i + 2);
                        });
                i += 2;
            } else {
                plain.append(text.charAt(i++));
            }
        }
        return plain.toString();
    }

    /** The length of a run of {@code \xHH} from an index on. */
    private static int escapedBytes(String text, int from) {
        int i = from;
        while (i + 3 < text.length()
                && text.charAt(i) == '\\'
                && text.charAt(i + 1) == 'x'
                && Character.digit(text.charAt(i + 2), 16) >= 0
                && Character.digit(text.charAt(i + 3), 16) >= 0) {
            i += 4;
        }
        return i - from;
    }

    private static String decoded(String escapes) {
        ByteBuffer bytes = ByteBuffer.allocate(escapes.length() / 4);
        for (int i = 0; i < escapes.length(); i += 4) {
            bytes.put((byte) Integer.parseInt(escapes.substring(i + 2, i + 4), 16));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException _) {
            return escapes;
        }
    }

    /** A line that is not in the format. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final String field;

        Malformed(String field, String message) {
            super(message);
            this.field = field;
        }

        String field() {
            return field;
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
