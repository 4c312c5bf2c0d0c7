package dev.tidemark.app;

import dev.tidemark.app.config.DataOption;
import dev.tidemark.base.TimeSource;
import dev.tidemark.process.Quarantine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the blocks that the engine refused, and has them sent again. */
@Command(
        name = "quarantine",
        description = "Lists the blocks that the engine refused, of a server that is stopped, and has them sent again.",
        mixinStandardHelpOptions = true)
final class QuarantineCommand implements Callable<Integer> {
    private final TimeSource time;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--release",
            paramLabel = "TOKEN",
            description = "Have the next start send this block again; 'all' for every one.")
    private @Nullable String release;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    QuarantineCommand(Path home, TimeSource time) {
        this.data = new DataOption(home);
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (DataDirectory directory = DataDirectory.open(data.directory());
                Quarantine quarantine = Quarantine.open(directory.resolve("process"), time)) {
            List<Quarantine.Entry> entries = quarantine.entries();
            entries.forEach(
                    entry -> out.println(entry.token() + "  " + entry.table().sqlName() + "  "
                            + entry.rows() + " rows  received from " + entry.oldestReceivedAt() + " on  "
                            + String.join(",", entry.tenants())));
            if (release == null) {
                out.println(entries.isEmpty() ? "Nothing is in quarantine." : entries.size() + " in quarantine.");
                return 0;
            }
            int released = 0;
            for (Quarantine.Entry entry : entries) {
                if ((release.equals("all") || release.equals(entry.token())) && quarantine.release(entry.token())) {
                    released++;
                }
            }
            out.println(released + " of " + entries.size() + " will be sent again at the next start.");
            return released > 0 || release.equals("all") ? 0 : 1;
        }
    }
}
