package dev.tidemark.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's data folder, held by this process until its end and made ready for the engine. Where another host still holds it, which is
 * then about to end, nothing in it is touched; the engine itself refuses to open it.
 */
final class DataFolder implements AutoCloseable {
    private static final String OPTION = "--path";

    private final @Nullable FileChannel lock;

    private DataFolder(@Nullable FileChannel lock) {
        this.lock = lock;
    }

    /** Of the engine's arguments; of none where they name no folder. */
    static DataFolder of(List<String> engineArguments) throws HostException {
        int option = engineArguments.indexOf(OPTION);
        if (option < 0 || option + 1 >= engineArguments.size()) {
            return new DataFolder(null);
        }
        Path folder = Path.of(engineArguments.get(option + 1)).toAbsolutePath().normalize();
        try {
            return open(folder);
        } catch (IOException failure) {
            throw new HostException(
                    EngineHost.EXIT_DATA, "the data folder " + folder + " cannot be prepared: " + failure);
        }
    }

    static DataFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(
                folder.resolveSibling(folder.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            channel.close();
            return new DataFolder(null);
        }
        int taken = InsertNotes.mend(folder);
        if (taken > 0) {
            System.err.println("engine-host: took back the notes of " + taken + " inserts that had not become parts");
        }
        return new DataFolder(channel);
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** Whether this process holds it. */
    boolean isHeld() {
        return lock != null;
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException _) {
            System.err.println("engine-host: the data folder's lock could not be let go");
        }
    }
}
