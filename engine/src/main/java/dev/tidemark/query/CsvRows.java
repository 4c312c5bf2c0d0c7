package dev.tidemark.query;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV by RFC 4180 in UTF-8, lines ended by CR LF. Null is an empty cell, an empty text is {@code ""}.
 *
 * <p>Anyone who may send events chooses their texts, and spreadsheets run cells as formulas: a text that starts with one of {@code = + - @},
 * a tab, a line break or an apostrophe gets an apostrophe in front, which spreadsheets hide. Taking one apostrophe from every text that
 * starts with one gives all texts back. Numbers are left alone.
 */
final class CsvRows implements RowWriter {
    private final OutputStream target;
    private final boolean keepFormulas;
    private final StringBuilder line = new StringBuilder();

    CsvRows(OutputStream target, boolean keepFormulas) {
        this.target = target;
        this.keepFormulas = keepFormulas;
    }

    @Override
    public void columns(List<Column> columns) throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            separate(i);
            text(columns.get(i).name());
        }
        end();
    }

    @Override
    public void row(List<@Nullable Object> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            separate(i);
            Object value = values.get(i);
            if (value instanceof Double number) {
                line.append(AnswerJson.number(number).asText());
            } else if (value instanceof String text) {
                text(text);
            } else if (value != null) {
                line.append(value);
            }
        }
        end();
    }

    @Override
    public void finish() {}

    private void separate(int column) {
        if (column > 0) {
            line.append(',');
        }
    }

    private void end() throws IOException {
        line.append("\r\n");
        target.write(line.toString().getBytes(StandardCharsets.UTF_8));
        line.setLength(0);
    }

    private void text(String text) {
        boolean guarded = !keepFormulas && !text.isEmpty() && "=+-@\t\r\n'".indexOf(text.charAt(0)) >= 0;
        if (!guarded && !needsQuotes(text)) {
            line.append(text);
            return;
        }
        line.append('"');
        if (guarded) {
            line.append('\'');
        }
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"') {
                line.append('"');
            }
            line.append(each);
        }
        line.append('"');
    }

    private static boolean needsQuotes(String text) {
        if (text.isEmpty() || text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ') {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == ',' || each == '"' || each == '\r' || each == '\n') {
                return true;
            }
        }
        return false;
    }
}
