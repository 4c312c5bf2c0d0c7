package dev.tidemark.store;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the supervised engine child is run.
 *
 * @param directory of the engine: its data, its generated configuration; made when missing
 * @param library the engine's shared library
 * @param port on loopback; 0 picks a free one
 * @param memory the most that the engine may use
 * @param readyTimeout how long a start may take
 * @param queryLimits of the profile that questions run under
 * @param password of the engine's logins; null for one that is made at each start and known to this process alone
 */
public record EngineSettings(
        Path directory,
        Path library,
        int port,
        ByteSize memory,
        Duration readyTimeout,
        StoreLimits queryLimits,
        @Nullable Secret password) {
    private static final ByteSize LEAST_MEMORY = ByteSize.mebibytes(512);
    private static final ByteSize MOST_MEMORY = ByteSize.mebibytes(2048);
    private static final int MEMORY_SHARE = 4;
    private static final int MAX_PORT = 65_535;
    private static final int LEAST_PASSWORD = 16;

    public EngineSettings {
        directory = directory.toAbsolutePath().normalize();
        library = library.toAbsolutePath().normalize();
        if (port < 0 || port > MAX_PORT) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the engine's port must be 0 to " + MAX_PORT, "engine.port");
        }
        if (memory.compareTo(LEAST_MEMORY) < 0) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the engine needs at least 512MiB of memory", "engine.memory");
        }
        if (password != null && password.reveal().length() < LEAST_PASSWORD) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "the engine's password must have at least " + LEAST_PASSWORD + " characters",
                    "engine.password");
        }
    }

    /** With a password that is made at each start. */
    public EngineSettings(
            Path directory, Path library, int port, ByteSize memory, Duration readyTimeout, StoreLimits queryLimits) {
        this(directory, library, port, memory, readyTimeout, queryLimits, null);
    }

    /** On a free port, with a quarter of the machine's memory, at least 512 MiB and at most 2 GiB. */
    public static EngineSettings defaults(Path directory, Path library) {
        return new EngineSettings(
                directory, library, 0, defaultMemory(), Duration.ofSeconds(30), StoreLimits.defaults());
    }

    /** Where the build puts the library of this platform, under the folder of the program. */
    public static Path libraryUnder(Path home) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        String platform = system.contains("mac") ? "darwin-" + architecture : "linux-" + architecture + "-gnu";
        return home.resolve("native/node_modules/@chdb")
                .resolve("lib-" + platform)
                .resolve("libchdb.so");
    }

    /** A quarter of the machine's or container's memory, within 512 MiB and 2 GiB. */
    public static ByteSize defaultMemory() {
        long total =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                        ? machine.getTotalMemorySize()
                        : MOST_MEMORY.bytes();
        return new ByteSize(Math.clamp(total / MEMORY_SHARE, LEAST_MEMORY.bytes(), MOST_MEMORY.bytes()));
    }
}
