package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of the Native format. */
final class NativeBlockTest {
    private record Row(String text, long number, int small, Map<String, Double> map) {}

    private static final List<Row> ROWS = List.of(
            new Row("a", 1, 2, Map.of("y", 0.5, "x", 1.0)),
            new Row("", -1, 65_535, Map.of()),
            new Row("grüße " + "x".repeat(200), Long.MIN_VALUE, 0, Map.of("x", -2.0)));

    @Test
    void plainColumnsAreTheBytesThatTheEngineItselfWrites() throws IOException {
        NativeBlock<Row> block = new NativeBlock<>(ROWS);
        block.texts("t", Row::text);
        block.longs("n", "Int64", Row::number);
        block.longs("at", "DateTime64(3, 'UTC')", row -> row.small() * 1000L);
        block.shorts("s", "UInt16", Row::small);
        block.shorts("d", "Date", Row::small);
        byte[] theirs = ask("""
                SELECT t, n, toDateTime64(s, 3, 'UTC') AS at, s, toDate(s) AS d
                FROM values('t String, n Int64, s UInt16', ('a', 1, 2), ('', -1, 65535), (concat('grüße ', repeat('x', 200)), -9223372036854775808, 0))
                FORMAT Native""");
        assertThat(bytes(block)).isEqualTo(theirs);
    }

    @Test
    void dictionariesHaveTheirKeysInOrderOfFirstUse() throws IOException {
        NativeBlock<String> block = new NativeBlock<>(List.of("b", "a", "b", "b"));
        block.repeatedTexts("c", text -> text);
        assertThat(HexFormat.of().formatHex(bytes(block)))
                .isEqualTo(
                        "0104" // one column, four rows
                                + "0163" // named c
                                + "16" + hex("LowCardinality(String)")
                                + "0100000000000000" // version of the dictionary
                                + "0006000000000000" // own keys, a new dictionary, indexes of one byte
                                + "0200000000000000" // two keys
                                + "0162" + "0161"
                                + "0400000000000000" // four values
                                + "00010000");
    }

    @Test
    void mapsHaveEndsThenKeysThenValues() throws IOException {
        NativeBlock<Row> block = new NativeBlock<>(ROWS);
        block.numberMaps("m", Row::map);
        assertThat(HexFormat.of().formatHex(bytes(block)))
                .isEqualTo("0103" + "016d" + "24" + hex("Map(LowCardinality(String), Float64)")
                        + "0100000000000000"
                        + "0200000000000000" + "0200000000000000" + "0300000000000000" // ends of the rows' arrays
                        + "0006000000000000" + "0200000000000000" + "0178" + "0179"
                        + "0300000000000000" + "000100"
                        + "000000000000f03f" + "000000000000e03f" + "00000000000000c0");
    }

    @Test
    void indexesWidenWithTheNumberOfKeys() throws IOException {
        for (int keys : List.of(256, 257, 65_536, 65_537)) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                rows.add("k" + i);
            }
            NativeBlock<String> block = new NativeBlock<>(rows);
            block.repeatedTexts("c", text -> text);
            byte[] bytes = bytes(block);
            int head = 1 + (keys < 16_384 ? 2 : 3) + 2 + 23 + 8;
            assertThat(bytes[head]).isEqualTo((byte) (keys <= 256 ? 0 : keys <= 65_536 ? 1 : 2));
            assertThat(bytes[head + 1]).isEqualTo((byte) 6);
        }
    }

    private static byte[] bytes(NativeBlock<?> block) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        block.writeTo(output);
        return output.toByteArray();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] ask(String sql) throws IOException {
        EngineAddress engine = EngineFixture.shared().address();
        String login = engine.reader().user() + ":" + engine.reader().password().reveal();
        HttpURLConnection connection = (HttpURLConnection) engine.url()
                .resolve("/?query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8))
                .toURL()
                .openConnection();
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        return connection.getInputStream().readAllBytes();
    }
}
