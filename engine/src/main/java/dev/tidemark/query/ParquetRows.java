package dev.tidemark.query;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file of flat, optional columns (UTF-8 text, double, boolean), plain and uncompressed, a row group for every 20,000 rows,
 * so that memory stays bounded. For answers that were computed here; what the engine makes, it writes as Parquet itself. By the Parquet
 * format 2.9, data pages of version 1.
 */
final class ParquetRows implements RowWriter {
    private static final byte[] MARK = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int ROWS_OF_A_GROUP = 20_000;
    private static final int BOOLEAN = 0;
    private static final int DOUBLE = 5;
    private static final int BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;
    private static final int PLAIN = 0;
    private static final int RLE = 3;

    private final OutputStream target;
    private final List<Group> groups = new ArrayList<>();
    private List<Column> columns = List.of();
    private List<List<@Nullable Object>> rows = new ArrayList<>();
    private long written;
    private long total;

    ParquetRows(OutputStream target) {
        this.target = target;
    }

    @Override
    public void columns(List<Column> all) throws IOException {
        columns = List.copyOf(all);
        write(MARK);
    }

    @Override
    public void row(List<@Nullable Object> values) throws IOException {
        rows.add(values);
        if (rows.size() == ROWS_OF_A_GROUP) {
            group();
        }
    }

    @Override
    public void finish() throws IOException {
        if (!rows.isEmpty()) {
            group();
        }
        byte[] footer = footer();
        write(footer);
        write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        write(MARK);
    }

    private void group() throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            byte[] page = page(i);
            byte[] header = new ThriftCompact()
                    .integer(1, 0)
                    .integer(2, page.length)
                    .integer(3, page.length)
                    .structure(5)
                    .integer(1, rows.size())
                    .integer(2, PLAIN)
                    .integer(3, RLE)
                    .integer(4, RLE)
                    .end()
                    .end()
                    .toBytes();
            chunks.add(new Chunk(written, header.length + page.length));
            write(header);
            write(page);
        }
        groups.add(new Group(rows.size(), chunks));
        total += rows.size();
        rows = new ArrayList<>();
    }

    /** Which values are there, a bit each, and then those. */
    private byte[] page(int column) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        int runs = (rows.size() + 7) / 8;
        byte[] present = new byte[runs];
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        Kind kind = columns.get(column).kind();
        byte[] flags = new byte[runs];
        int count = 0;
        for (int row = 0; row < rows.size(); row++) {
            Object value = rows.get(row).get(column);
            if (value == null) {
                continue;
            }
            present[row / 8] |= (byte) (1 << row % 8);
            switch (kind) {
                case TEXT -> {
                    byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                    values.writeBytes(little(4).putInt(text.length).array());
                    values.writeBytes(text);
                }
                case NUMBER ->
                    values.writeBytes(little(8)
                            .putDouble(value instanceof Number number ? number.doubleValue() : Double.NaN)
                            .array());
                case FLAG -> {
                    if (value.equals(true)) {
                        flags[count / 8] |= (byte) (1 << count % 8);
                    }
                }
            }
            count++;
        }
        ByteArrayOutputStream levels = new ByteArrayOutputStream();
        int runHeader = runs << 1 | 1;
        while ((runHeader & ~0x7F) != 0) {
            levels.write(runHeader & 0x7F | 0x80);
            runHeader >>>= 7;
        }
        levels.write(runHeader);
        levels.writeBytes(present);
        page.writeBytes(little(4).putInt(levels.size()).array());
        page.writeBytes(levels.toByteArray());
        if (kind == Kind.FLAG) {
            page.write(flags, 0, (count + 7) / 8);
        } else {
            page.writeBytes(values.toByteArray());
        }
        return page.toByteArray();
    }

    private byte[] footer() {
        ThriftCompact meta = new ThriftCompact().integer(1, 1).structures(2, columns.size() + 1);
        meta.element().text(4, "schema").integer(5, columns.size()).end();
        for (Column column : columns) {
            meta.element()
                    .integer(1, physical(column.kind()))
                    .integer(3, OPTIONAL)
                    .text(4, column.name());
            if (column.kind() == Kind.TEXT) {
                meta.integer(6, UTF8);
            }
            meta.end();
        }
        meta.number(3, total).structures(4, groups.size());
        for (Group group : groups) {
            meta.element().structures(1, columns.size());
            long bytes = 0;
            for (int i = 0; i < columns.size(); i++) {
                Chunk chunk = group.chunks.get(i);
                bytes += chunk.bytes;
                meta.element()
                        .number(2, chunk.offset)
                        .structure(3)
                        .integer(1, physical(columns.get(i).kind()))
                        .integers(2, PLAIN, RLE)
                        .texts(3, columns.get(i).name())
                        .integer(4, 0)
                        .number(5, group.rows)
                        .number(6, chunk.bytes)
                        .number(7, chunk.bytes)
                        .number(9, chunk.offset)
                        .end()
                        .end();
            }
            meta.number(2, bytes).number(3, group.rows).end();
        }
        return meta.text(6, "tidemark").end().toBytes();
    }

    private static int physical(Kind kind) {
        return switch (kind) {
            case TEXT -> BYTE_ARRAY;
            case NUMBER -> DOUBLE;
            case FLAG -> BOOLEAN;
        };
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(byte[] bytes) throws IOException {
        target.write(bytes);
        written += bytes.length;
    }

    private record Chunk(long offset, long bytes) {}

    private record Group(int rows, List<Chunk> chunks) {}
}
