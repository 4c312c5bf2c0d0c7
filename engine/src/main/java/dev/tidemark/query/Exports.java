package dev.tidemark.query;

import dev.tidemark.base.TenantId;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers as files, sent while they are made. What is whole ends as its transfer does, with the trailer {@code Export-Complete: true};
 * what fails on the way is broken off. Thread-safe.
 */
public final class Exports {
    static final String COMPLETE = "Export-Complete";
    static final String ROWS = "Export-Rows";
    private static final Pattern NOT_IN_FILE_NAMES = Pattern.compile("[^A-Za-z0-9._-]+");

    private final QueryEngine engine;
    private final ExportPlaces places = new ExportPlaces();

    public Exports(QueryEngine engine) {
        this.engine = engine;
    }

    /**
     * The flat rows of a question's answer, in the format and form that the call asks for.
     *
     * @param name of the file, without its extension
     */
    public Reply reply(TenantId tenant, Question question, Call call, String name) {
        Options options = Options.of(call);
        return streamed(tenant, options, name, List.of(COMPLETE, ROWS), target -> {
            Counted counted = new Counted(options.format.writer(target, options.keepFormulas));
            engine.write(tenant, question, counted);
            return Map.of(COMPLETE, "true", ROWS, Long.toString(counted.rows));
        });
    }

    /** A reply that holds one of the tenant's places while it is sent. */
    Reply streamed(TenantId tenant, Options options, String name, List<String> trailers, Body body) {
        String file = NOT_IN_FILE_NAMES.matcher(name).replaceAll("-") + "." + options.format.wireName();
        return Reply.streamed(200, options.format.contentType(), target -> {
                    try (ExportPlaces.Place _ = places.take(tenant)) {
                        BufferedOutputStream buffered = new BufferedOutputStream(target, 16 << 10);
                        Map<String, String> ends = body.writeTo(buffered);
                        buffered.flush();
                        return ends;
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                })
                .withHeader("Content-Disposition", "attachment; filename=\"" + file + "\"")
                .withHeader("Trailer", String.join(", ", trailers));
    }

    /** Writes a file and returns what is to be said after it. */
    @FunctionalInterface
    interface Body {
        Map<String, String> writeTo(OutputStream target) throws IOException;
    }

    /** How the file is to look. */
    record Options(ExportFormat format, boolean keepFormulas) {
        static Options of(Call call) {
            String formulas = call.queryParameter("formulas").orElse("escape");
            if (!formulas.equals("escape") && !formulas.equals("keep")) {
                throw Fields.invalid("formulas", "must be escape or keep");
            }
            return new Options(ExportFormat.of(call.queryParameter("format").orElse("csv")), formulas.equals("keep"));
        }
    }

    private static final class Counted implements RowWriter {
        private final RowWriter writer;
        private long rows;

        Counted(RowWriter writer) {
            this.writer = writer;
        }

        @Override
        public void columns(List<Column> columns) throws IOException {
            writer.columns(columns);
        }

        @Override
        public void row(List<@Nullable Object> values) throws IOException {
            writer.row(values);
            rows++;
        }

        @Override
        public void finish() throws IOException {
            writer.finish();
        }
    }
}
