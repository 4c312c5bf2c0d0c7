package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Results as the engine sends them. */
final class ResultReaderTest {
    private static final String WHOLE = """
            {"meta":[{"name":"a","type":"Nullable(UInt64)"},{"name":"b","type":"LowCardinality(String)"},{"name":"c","type":"Array(UInt8)"}],
            "data":[[18446744073709551615,"x",[1,2]],[null,"",[]]],"rows":2,"statistics":{"elapsed":0.25,"rows_read":7,"bytes_read":9}}
            """;

    @Test
    void readsColumnsRowsAndStatistics() throws IOException {
        Rows rows = read(WHOLE);
        assertThat(rows.columns()).containsExactly("a", "b", "c");
        assertThat(rows.values().get(0)).containsExactly(-1L, "x", "[1,2]");
        assertThat(rows.values().get(1)).containsExactly(null, "", "[]");
        assertThat(rows.rowsRead()).isEqualTo(7);
        assertThat(rows.elapsedMillis()).isEqualTo(250.0);
    }

    @Test
    void readsTotalsAndTheNumberOfRowsWithoutTheLimit() throws IOException {
        Rows rows = read("""
                {"meta":[{"name":"k","type":"String"},{"name":"n","type":"UInt64"}],"data":[["x",3]],"totals":["",7],
                "rows":1,"rows_before_limit_at_least":5,"statistics":{"elapsed":0.25,"rows_read":7,"bytes_read":9}}
                """);
        assertThat(rows.size()).isEqualTo(1);
        assertThat(rows.unlimited()).isEqualTo(5);
        assertThat(rows.ofTotals().longAt(0, 1)).isEqualTo(7);
        assertThat(read(WHOLE).unlimited()).isEqualTo(2);
        assertThat(read(WHOLE).ofTotals().size()).isZero();
    }

    @Test
    void anAnswerThatBreaksOffAnywhereIsNoAnswer() {
        String whole = WHOLE.strip();
        for (int length = 0; length < whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
        }
    }

    private static Rows read(String text) throws IOException {
        return ResultReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
