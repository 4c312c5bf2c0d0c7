package dev.tidemark.app.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.app.client.ServerOptions;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends the events of a file to a server. */
@Command(
        name = "import",
        description = {
            "Sends the events of a file to a server, and waits until they can be queried.",
            "What was sent before, by content and not by the file's name, is not sent again."
        },
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    private ImportCommand() {}

    /** The command with one sub-command for each format. */
    public static CommandLine of(Path home, TimeSource time, SecureRandom random) {
        return new CommandLine(new ImportCommand())
                .addSubcommand(new AccessLog(home, time, random))
                .addSubcommand(new Ndjson(home, time, random))
                .addSubcommand(new Csv(home, time, random));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a format: access-log, ndjson or csv.");
    }

    /** What all formats share. */
    abstract static class Format implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private final ServerOptions server;

        @Parameters(paramLabel = "FILE", description = "The file, plain or gzip; - for standard input.")
        private String file;

        @Option(names = "--json", description = "Print the counts as JSON.")
        private boolean json;

        @Option(
                names = "--from-start",
                description = "Send every line again; the server recognises what it has and counts it once.")
        private boolean fromStart;

        private final TimeSource time;
        private final SecureRandom random;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Format(Path home, TimeSource time, SecureRandom random) {
            this.server = new ServerOptions(home);
            this.time = time;
            this.random = random;
        }

        abstract RecordFormat format();

        @Override
        public Integer call() throws IOException, InterruptedException {
            RecordFormat format = format();
            boolean terminal = System.console() != null && System.console().isTerminal();
            Progress progress = new Progress(System.err, terminal, time);
            try (Source source = Source.of(file, System.in);
                    ApiClient api = server.connect(time, random)) {
                ImportSummary summary =
                        new Importer(source, format, api, server.memory(), fromStart, progress, time).run();
                if (json) {
                    spec.commandLine().getOut().println(line(summary));
                }
            }
            return 0;
        }

        private static String line(ImportSummary summary) {
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("lines", summary.lines());
            counts.put("accepted", summary.accepted());
            counts.put("duplicates", summary.duplicates());
            counts.put("dead_letters", summary.deadLetters());
            try {
                return new ObjectMapper().writeValueAsString(counts);
            } catch (JsonProcessingException e) {
                throw new TidemarkException(ErrorCode.INTERNAL, "four numbers cannot be written as JSON", e);
            }
        }
    }

    @Command(
            name = "access-log",
            description = {
                "A web server's log in common or combined format: one http_request event a line.",
                "Visitors are told apart by address and user agent. is_page: a GET answered with 2xx or 304 for a path"
                        + " without extension or with that of a page. is_bot: a user agent that is absent or names a"
                        + " crawler or program."
            },
            mixinStandardHelpOptions = true)
    static final class AccessLog extends Format {
        @Option(
                names = "--site",
                paramLabel = "URL",
                description = "The site that the log is of, as in https://example.com.")
        private @Nullable String site;

        AccessLog(Path home, TimeSource time, SecureRandom random) {
            super(home, time, random);
        }

        @Override
        RecordFormat format() {
            return new AccessLogFormat(site);
        }
    }

    @Command(
            name = "ndjson",
            description = "One JSON object a line: events in the form of the API, or any objects with --map.",
            mixinStandardHelpOptions = true)
    static final class Ndjson extends Format {
        @Mixin
        private final MappingOptions mapping = new MappingOptions();

        Ndjson(Path home, TimeSource time, SecureRandom random) {
            super(home, time, random);
        }

        @Override
        RecordFormat format() {
            return new NdjsonFormat(mapping.given() ? mapping.read() : null);
        }
    }

    @Command(name = "csv", description = "Comma-separated values with a header line.", mixinStandardHelpOptions = true)
    static final class Csv extends Format {
        @Mixin
        private final MappingOptions mapping = new MappingOptions();

        @Option(names = "--separator", paramLabel = "C", description = "Between columns (default: comma).")
        private char separator = ',';

        @Option(
                names = "--text",
                paramLabel = "COLUMN",
                split = ",",
                description = "Columns that stay text even where they look like numbers.")
        private List<String> text = new ArrayList<>();

        Csv(Path home, TimeSource time, SecureRandom random) {
            super(home, time, random);
        }

        @Override
        RecordFormat format() {
            return new CsvFormat(mapping.read(), separator, Set.copyOf(text));
        }
    }

    /** How columns become fields. */
    static final class MappingOptions {
        @Option(
                names = "--map",
                paramLabel = "FIELD=COLUMN",
                split = ",",
                description = "event_type, event_id, timestamp, user_id, anonymous_id, session_id, properties.NAME,"
                        + " traits.NAME or context.NAME, each from a column; properties.* takes all other columns.")
        private List<String> pairs = new ArrayList<>();

        @Option(names = "--event-type", paramLabel = "NAME", description = "The event type of every line.")
        private @Nullable String eventType;

        @Option(names = "--zone", paramLabel = "ZONE", description = "Of times that name none (default UTC).")
        private ZoneId zone = ZoneOffset.UTC;

        boolean given() {
            return !pairs.isEmpty() || eventType != null;
        }

        Mapping read() {
            return Mapping.parse(pairs, eventType, zone);
        }
    }
}
