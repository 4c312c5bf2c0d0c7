package dev.tidemark.query;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The form of a file with exported rows. */
enum ExportFormat {
    /** RFC 4180, UTF-8, with a header. */
    CSV("text/csv; charset=utf-8; header=present"),
    /** An object a line. */
    JSON("application/x-ndjson"),
    PARQUET("application/vnd.apache.parquet");

    private final String contentType;

    ExportFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** The word in addresses and the extension of files, as in {@code csv}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ExportFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid(
                        "format",
                        "must be one of "
                                + Arrays.stream(values())
                                        .map(ExportFormat::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * A writer of flat rows in this form.
     *
     * @param keepFormulas whether a text that a spreadsheet would take for a formula is left as it is
     */
    RowWriter writer(OutputStream target, boolean keepFormulas) {
        return switch (this) {
            case CSV -> new CsvRows(target, keepFormulas);
            case JSON -> new JsonRows(target);
            case PARQUET -> new ParquetRows(target);
        };
    }
}
