package dev.tidemark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The directory that holds all state of one server, locked while it runs. */
final class DataDirectory implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /** Makes and locks it. Fails, in one line for the operator, when another server has it or it cannot be written. */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root.resolve("run"), OWNER_ONLY);
            FileChannel channel = FileChannel.open(
                    root.resolve("run").resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the data directory " + root + " is in use by another Tidemark server"
                                + runningServer(root)
                                        .map(json ->
                                                " (process " + json.path("pid").asLong() + ", "
                                                        + json.path("url").asText() + ")")
                                        .orElse(""));
            }
            empty(temporaryFiles(root));
            return new DataDirectory(root, channel, lock);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "the data directory " + root + " cannot be written", e);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    /** Where a server process keeps its temporary files, such as unpacked native libraries: emptied by the next one to open. */
    static Path temporaryFiles(Path root) {
        return root.resolve("tmp");
    }

    private static void empty(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> left = Files.walk(folder)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(folder, OWNER_ONLY);
    }

    Path root() {
        return root;
    }

    Path resolve(String name) {
        return root.resolve(name);
    }

    /** What a running server tells the other commands on this machine. */
    static Optional<JsonNode> runningServer(Path root) {
        return read(root.resolve("run").resolve("server.json"));
    }

    Path runFile() {
        return root.resolve("run").resolve("server.json");
    }

    static Optional<JsonNode> read(Path file) {
        try {
            return Optional.of(JSON.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, file + " is not valid JSON", e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "cannot read " + file, e);
        }
    }

    /** Writes JSON that only this user may read, whole or not at all. */
    static void writePrivate(Path file, Object value) {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(next, JSON.writeValueAsBytes(value));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "cannot write " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(runFile());
        lock.release();
        channel.close();
    }
}
