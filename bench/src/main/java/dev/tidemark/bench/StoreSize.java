package dev.tidemark.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The size of the engine's live data, read from its data directory from outside.
 *
 * <p>Counted are the files of the active parts of every table that is not in a system database: events, rollups, profiles and
 * dead letters alike. A part is active when no other part of its partition covers its block range at a higher level; the
 * parts that a merge replaced stay on disk for some minutes and are not counted.
 *
 * @param bytes the sum of the lengths of the files
 * @param parts the active parts, by path; equal sets at two moments mean that no merge ended and nothing was inserted
 */
record StoreSize(long bytes, Set<Path> parts) {
    private static final Pattern TABLE_ID = Pattern.compile("UUID '([0-9a-f-]{36})'");
    private static final Pattern PART = Pattern.compile("([0-9a-zA-Z]+)_(\\d+)_(\\d+)_(\\d+)(?:_(\\d+))?");
    private static final Set<String> SYSTEM = Set.of("system", "information_schema", "INFORMATION_SCHEMA");

    StoreSize {
        parts = Set.copyOf(parts);
    }

    /** Reads the directory that the engine was given as its path. Parts that vanish meanwhile are left out. */
    static StoreSize of(Path engineDirectory) throws IOException {
        long bytes = 0;
        Set<Path> active = new TreeSet<>();
        for (Path table : tables(engineDirectory)) {
            for (Path part : activeParts(table)) {
                bytes += length(part);
                active.add(part);
            }
        }
        return new StoreSize(bytes, active);
    }

    private static List<Path> tables(Path engineDirectory) throws IOException {
        List<Path> tables = new ArrayList<>();
        try (DirectoryStream<Path> databases = Files.newDirectoryStream(engineDirectory.resolve("metadata"))) {
            for (Path database : databases) {
                if (Files.isDirectory(database)
                        && !SYSTEM.contains(database.getFileName().toString())) {
                    addTables(engineDirectory, database, tables);
                }
            }
        }
        return tables;
    }

    private static void addTables(Path engineDirectory, Path database, List<Path> tables) throws IOException {
        try (DirectoryStream<Path> definitions = Files.newDirectoryStream(database, "*.sql")) {
            for (Path definition : definitions) {
                Matcher id = TABLE_ID.matcher(Files.readString(definition));
                if (id.find()) {
                    String uuid = id.group(1);
                    Path table = engineDirectory
                            .resolve("store")
                            .resolve(uuid.substring(0, 3))
                            .resolve(uuid);
                    if (Files.isDirectory(table)) {
                        tables.add(table);
                    }
                }
            }
        }
    }

    private static List<Path> activeParts(Path table) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(table)) {
            for (Path entry : entries) {
                Matcher name = PART.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    parts.add(new Part(
                            entry,
                            name.group(1),
                            Long.parseLong(name.group(2)),
                            Long.parseLong(name.group(3)),
                            Long.parseLong(name.group(4)),
                            name.group(5) == null ? 0 : Long.parseLong(name.group(5))));
                }
            }
        }
        return parts.stream()
                .filter(part -> parts.stream().noneMatch(other -> other.covers(part)))
                .map(Part::path)
                .toList();
    }

    private static long length(Path part) throws IOException {
        try (Stream<Path> files = Files.walk(part)) {
            return files.mapToLong(file -> {
                        try {
                            return Files.isRegularFile(file) ? Files.size(file) : 0;
                        } catch (IOException gone) {
                            return 0;
                        }
                    })
                    .sum();
        } catch (NoSuchFileException | java.io.UncheckedIOException gone) {
            return 0;
        }
    }

    private record Part(Path path, String partition, long firstBlock, long lastBlock, long level, long mutation) {
        boolean covers(Part other) {
            return partition.equals(other.partition)
                    && firstBlock <= other.firstBlock
                    && lastBlock >= other.lastBlock
                    && (level > other.level || (level == other.level && mutation > other.mutation));
        }
    }
}
