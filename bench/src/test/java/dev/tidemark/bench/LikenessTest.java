package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class LikenessTest {
    private static JsonNode report(String value) throws IOException {
        return new ObjectMapper()
                .readTree(
                        "{\"generated_at\":\"now\",\"widgets\":[{\"type\":\"metric\",\"data\":{\"points\":[1,{\"value\":"
                                + value + "}]}}]}");
    }

    private static JsonNode streamed(String value) throws IOException {
        String text = report(value).toString();
        return new ObjectMapper()
                .readTree(text.replace("now", "then").replace("\"type\"", "\"live\":{\"mode\":\"standing\"},\"type\""));
    }

    @Test
    void timeAndKeepingDoNotCount() throws IOException {
        assertThat(Likeness.same(report("5"), streamed("5"))).isTrue();
    }

    @Test
    void everyOtherDifferenceDoes() throws IOException {
        for (String value : new String[] {"6", "null", "\"5\"", "[5]", "5.001", "0"}) {
            assertThat(Likeness.same(report("5"), streamed(value))).as(value).isFalse();
        }
        assertThat(Likeness.same(report("5"), null)).isFalse();
        assertThat(Likeness.firstDifference(report("5"), streamed("6")))
                .isEqualTo("/widgets/0/data/points/1/value is 5, shown is 6");
    }

    @Test
    void sumsOfFractionsMayDependOnTheirOrderAndCountsMayNot() throws IOException {
        assertThat(Likeness.same(report("6002.4800000000005"), streamed("6002.48")))
                .isTrue();
        assertThat(Likeness.same(report("6002.49"), streamed("6002.48"))).isFalse();
        assertThat(Likeness.same(report("100000000000000001"), streamed("100000000000000000")))
                .isFalse();
    }
}
