package dev.tidemark.store;

import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One engine child for all tests of a JVM, started when the first asks for it, in a temporary folder. It ends with the JVM, by
 * its life line. Tests share its tables: each works under tenants of its own.
 */
public final class EngineFixture {
    private static final EngineFixture SHARED = new EngineFixture();

    private final EngineSupervisor supervisor;
    private final ClickHouseStore store;

    private EngineFixture() {
        try {
            Path directory = Files.createTempDirectory("tidemark-engine");
            supervisor = EngineSupervisor.start(
                    settings(directory), TimeSource.system(), new SecureRandom(), new SimpleMeterRegistry());
            store = new ClickHouseStore(
                    supervisor::address, StoreLimits.defaults(), TimeSource.system(), new SimpleMeterRegistry());
            store.prepare();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                store.close();
                supervisor.close();
                delete(directory);
            }));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static EngineFixture shared() {
        return SHARED;
    }

    /** A store on the shared engine, which the caller must not close. */
    public EventStore store() {
        return store;
    }

    /** What changes rows of the shared engine. */
    public Upkeep upkeep() {
        return store;
    }

    /** Where the shared engine answers, for a test that builds a store or client of its own. */
    public EngineAddress address() {
        return supervisor.address();
    }

    /** Settings for a child of a test's own. */
    public static EngineSettings settings(Path directory) {
        Path home = Path.of(System.getProperty("tidemark.home", "."));
        Path root = Files.isDirectory(home.resolve("native")) ? home : home.resolve("..");
        return EngineSettings.defaults(directory, EngineSettings.libraryUnder(root));
    }

    /** Removes a folder and all that is in it. */
    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException leftover) {
            throw new UncheckedIOException(leftover);
        }
    }
}
