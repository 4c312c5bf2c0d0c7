package dev.tidemark.app.imports;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known to be imported of files that start with the same line, on disk. A file is recognised by its content: neither its
 * name nor what was appended since matters. Written atomically. Not thread-safe.
 */
final class Checkpoints {
    private static final int KEPT = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<Checkpoint> known;

    private Checkpoints(Path file, List<Checkpoint> known) {
        this.file = file;
        this.known = new ArrayList<>(known);
    }

    static Checkpoints open(Path directory, String key) {
        Path file = directory.resolve(key + ".json");
        try {
            return new Checkpoints(
                    file, JSON.readValue(Files.readAllBytes(file), new TypeReference<List<Checkpoint>>() {}));
        } catch (NoSuchFileException _) {
            return new Checkpoints(file, List.of());
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONFIGURATION, "cannot read the position of an earlier import: " + file, e);
        }
    }

    /** By their number of lines; several where different files start alike. */
    Map<Long, List<Checkpoint>> byLines() {
        Map<Long, List<Checkpoint>> byLines = new TreeMap<>();
        for (Checkpoint checkpoint : known) {
            byLines.computeIfAbsent(checkpoint.lines(), _ -> new ArrayList<>()).add(checkpoint);
        }
        return byLines;
    }

    /**
     * Makes a checkpoint durable.
     *
     * @param keepEarlier whether the earlier one of the same file stays, because what lies between may still change
     */
    void advance(Checkpoint earlier, Checkpoint checkpoint, boolean keepEarlier) {
        if (!keepEarlier) {
            known.remove(earlier);
        }
        known.remove(checkpoint);
        known.add(checkpoint);
        while (known.size() > KEPT) {
            known.removeFirst();
        }
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.write(next, JSON.writeValueAsBytes(known));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED, "cannot write the position of this import: " + file, e);
        }
    }
}
