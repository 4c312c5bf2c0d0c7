package dev.tidemark.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A temporary directory for one run: the server's data directory and its output. Removed on close unless it is kept. */
final class Scratch implements AutoCloseable {
    private final Path directory;
    private boolean keep;

    private Scratch(Path directory) {
        this.directory = directory;
    }

    static Scratch create() throws IOException {
        return new Scratch(Files.createTempDirectory("tidemark-"));
    }

    /** A directory that was there before or stays afterwards. */
    static Scratch kept(Path directory) throws IOException {
        Scratch scratch = new Scratch(Files.createDirectories(directory.toAbsolutePath()));
        scratch.keep();
        return scratch;
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Where the embedded engine keeps its data. */
    Path engine() {
        return data().resolve("clickhouse").resolve("data");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    /** Leaves everything in place for whoever looks into a failure. */
    void keep() {
        keep = true;
    }

    @Override
    public void close() throws IOException {
        if (keep) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
