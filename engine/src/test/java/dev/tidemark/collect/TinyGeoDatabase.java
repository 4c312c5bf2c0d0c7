package dev.tidemark.collect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a MaxMind database (format 2.0, IPv4, 24-bit records) that knows one /8 network. */
final class TinyGeoDatabase {
    private static final byte[] MARKER = {(byte) 0xAB, (byte) 0xCD, (byte) 0xEF};

    private TinyGeoDatabase() {}

    static void write(Path file, int firstOctet, Map<String, Object> place) throws IOException {
        int nodes = 8;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int bit = 0; bit < nodes; bit++) {
            int next = bit == nodes - 1 ? nodes + 16 : bit + 1;
            boolean one = (firstOctet >> (7 - bit) & 1) == 1;
            record(out, one ? nodes : next);
            record(out, one ? next : nodes);
        }
        out.writeBytes(new byte[16]);
        value(out, place);
        out.writeBytes(MARKER);
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.UTF_8));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", 1L);
        metadata.put("database_type", "Tiny-City");
        metadata.put("description", Map.of("en", "tiny"));
        metadata.put("ip_version", 4);
        metadata.put("languages", List.of("en"));
        metadata.put("node_count", (long) nodes << 32);
        metadata.put("record_size", 24);
        value(out, metadata);
        Files.write(file, out.toByteArray());
    }

    private static void record(ByteArrayOutputStream out, int value) {
        out.write(value >> 16);
        out.write(value >> 8);
        out.write(value);
    }

    private static void value(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                control(out, 2, bytes.length);
                out.writeBytes(bytes);
            }
            case Map<?, ?> map -> {
                control(out, 7, map.size());
                map.forEach((name, member) -> {
                    value(out, name);
                    value(out, member);
                });
            }
            case List<?> list -> {
                control(out, 11, list.size());
                list.forEach(each -> value(out, each));
            }
            case Integer small -> {
                control(out, 5, 2);
                out.write(small >> 8);
                out.write(small);
            }
            case Long number
            when number > Integer.MAX_VALUE -> {
                control(out, 6, 4);
                int high = (int) (number >> 32);
                for (int shift = 24; shift >= 0; shift -= 8) {
                    out.write(high >> shift);
                }
            }
            case Long number -> {
                control(out, 9, 8);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    out.write((int) (number >> shift));
                }
            }
            default -> throw new IllegalArgumentException(value.getClass().getName());
        }
    }

    private static void control(ByteArrayOutputStream out, int type, int size) {
        if (size >= 29) {
            out.write(type > 7 ? 29 : type << 5 | 29);
            if (type > 7) {
                out.write(type - 7);
            }
            out.write(size - 29);
            return;
        }
        out.write(type > 7 ? size : type << 5 | size);
        if (type > 7) {
            out.write(type - 7);
        }
    }
}
