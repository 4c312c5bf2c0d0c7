package dev.tidemark.app.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which directory of state a command works with. */
public final class DataOption {
    private final Path home;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of all state (default: data, beside the launcher).")
    private @Nullable Path data;

    /** @param home where the installation lies; the directory's default is beside it */
    public DataOption(Path home) {
        this.home = home;
    }

    /** What was given, or the default; absolute. */
    public Path directory() {
        return (data == null ? home.resolve("data") : data).toAbsolutePath().normalize();
    }

    /** Null where settings and their default decide. */
    public @Nullable Path given() {
        return data;
    }
}
