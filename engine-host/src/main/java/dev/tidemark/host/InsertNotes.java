package dev.tidemark.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The engine's notes of the inserts that each table has, by which it knows one that is sent again ({@code deduplication_logs}).
 *
 * <p>An insert is noted a moment before its part gets its name in the table's folder. Killed between the two, the engine would take the
 * insert that is sent again for one that it has, and its rows would be lost. So notes whose part is not there are taken back before the
 * engine reads them, by a note of its own kind. A part is there when its name is, or that of one that it was merged into.
 *
 * <p>Only for folders that no engine has open.
 */
final class InsertNotes {
    private static final String FOLDER = "deduplication_logs";
    private static final String ADDED = "1";
    private static final String DROPPED = "2";

    private InsertNotes() {}

    /**
     * Takes back what is noted of parts that are not there, in all tables of an engine's data folder.
     *
     * @return how many notes were taken back
     */
    static int mend(Path data) throws IOException {
        int taken = 0;
        for (Path group : folders(data.resolve("store"))) {
            for (Path table : folders(group)) {
                List<Path> logs = logs(table.resolve(FOLDER));
                if (!logs.isEmpty()) {
                    taken += mend(table, logs);
                }
            }
        }
        return taken;
    }

    private static int mend(Path table, List<Path> logs) throws IOException {
        Map<String, String> partsByInsert = new LinkedHashMap<>();
        for (Path log : logs) {
            for (String line : whole(Files.readString(log)).split("\n")) {
                String[] note = line.split("\t", 3);
                if (note.length == 3 && note[0].equals(ADDED)) {
                    partsByInsert.put(note[2], note[1]);
                } else if (note.length == 3 && note[0].equals(DROPPED)) {
                    partsByInsert.remove(note[2]);
                }
            }
        }
        Map<String, List<Part>> there = parts(table);
        StringBuilder back = new StringBuilder();
        int taken = 0;
        for (Map.Entry<String, String> note : partsByInsert.entrySet()) {
            Optional<Part> noted = Part.named(note.getValue());
            if (noted.isPresent()
                    && there.getOrDefault(noted.get().partition, List.of()).stream()
                            .noneMatch(part -> part.covers(noted.get()))) {
                back.append(DROPPED).append('\t').append(note.getValue());
                back.append('\t').append(note.getKey()).append('\n');
                taken++;
            }
        }
        append(logs.getLast(), back.toString());
        return taken;
    }

    /** Adds notes to a log, in the place of one that was not written to its end. */
    private static void append(Path log, String notes) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        long end = whole(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8).length;
        if (notes.isEmpty() && end == bytes.length) {
            return;
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(end).position(end);
            ByteBuffer buffer = ByteBuffer.wrap(notes.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Up to the end of the last line. */
    private static String whole(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private static Map<String, List<Part>> parts(Path table) throws IOException {
        Map<String, List<Part>> parts = new HashMap<>();
        for (Path folder : folders(table)) {
            Part.named(folder.getFileName().toString())
                    .ifPresent(part -> parts.computeIfAbsent(part.partition, _ -> new ArrayList<>())
                            .add(part));
        }
        return parts;
    }

    /** In the order in which they were written. */
    private static List<Path> logs(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> number(file) > 0)
                    .sorted(Comparator.comparingLong(InsertNotes::number))
                    .toList();
        }
    }

    private static long number(Path log) {
        String name = log.getFileName().toString();
        String digits = name.replaceFirst("^deduplication_log_(\\d{1,18})\\.txt$", "$1");
        return digits.equals(name) ? 0 : Long.parseLong(digits);
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).toList();
        }
    }

    /** A part by its name, {@code partition_first_last_level}, with the number of its mutation behind where it has one. */
    private record Part(String partition, long first, long last) {
        static Optional<Part> named(String name) {
            String[] words = name.split("_", -1);
            boolean numbers = words.length == 4 || words.length == 5;
            for (int word = 1; numbers && word < words.length; word++) {
                numbers = words[word].matches("\\d{1,18}");
            }
            return numbers
                    ? Optional.of(new Part(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])))
                    : Optional.empty();
        }

        boolean covers(Part other) {
            return first <= other.first && last >= other.last;
        }
    }
}
