package dev.tidemark.app.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.app.imports.LogLineParser.Malformed;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogLineParserTest {
    private static final String START = "192.0.2.7 - - [17/May/2015:10:05:03 +0200] ";

    @Test
    void everyFieldOfACombinedLineIsRead() throws Malformed {
        LogLine line =
                LogLineParser.parse("192.0.2.7 - ada [17/May/2015:10:05:03 +0200] \"GET /a?b=c HTTP/1.1\" 200 512"
                        + " \"https://example.com/\" \"Mozilla/5.0\"");

        assertThat(line)
                .isEqualTo(new LogLine(
                        "192.0.2.7",
                        "ada",
                        OffsetDateTime.parse("2015-05-17T10:05:03+02:00"),
                        "GET /a?b=c HTTP/1.1",
                        200,
                        512L,
                        "https://example.com/",
                        "Mozilla/5.0"));
    }

    @Test
    void dashesAreAbsent() throws Malformed {
        LogLine line = LogLineParser.parse(START + "\"-\" 408 - \"-\" \"-\"");

        assertThat(line.user()).isNull();
        assertThat(line.request()).isNull();
        assertThat(line.status()).isEqualTo(408);
        assertThat(line.bytes()).isNull();
        assertThat(line.referrer()).isNull();
        assertThat(line.userAgent()).isNull();
    }

    @Test
    void theCommonFormatHasNoReferrerAndNoUserAgent() throws Malformed {
        LogLine line = LogLineParser.parse(START + "\"GET / HTTP/1.0\" 304 0");

        assertThat(line.bytes()).isZero();
        assertThat(line.referrer()).isNull();
        assertThat(line.userAgent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::7", "::1", "proxy.example.com", "192.0.2.7"})
    void clientsAreAddressesOfBothKindsOrNames(String client) throws Malformed {
        assertThat(LogLineParser.parse(client + " - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1")
                        .client())
                .isEqualTo(client);
    }

    @Test
    void escapesAreUndone() throws Malformed {
        LogLine line = LogLineParser.parse(
                START + "\"GET /\\xc3\\xbc\\\"q\\\\ HTTP/1.1\" 200 1 \"http://\\xe4\\xe5/\" \"a \\\"b\\\" \\t c\\d\"");

        assertThat(line.request()).isEqualTo("GET /ü\"q\\ HTTP/1.1");
        assertThat(line.referrer()).as("bytes that are not UTF-8").isEqualTo("http://\\xe4\\xe5/");
        assertThat(line.userAgent()).isEqualTo("a \"b\" \t c\\d");
    }

    @Test
    void aUserNameMayHoldSpaces() throws Malformed {
        assertThat(LogLineParser.parse("192.0.2.7 - Ada Lovelace [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1")
                        .user())
                .isEqualTo("Ada Lovelace");
    }

    @Test
    void furtherFieldsAreLeftOut() throws Malformed {
        assertThat(LogLineParser.parse(START + "\"GET / HTTP/1.1\" 200 1 \"-\" \"ua\" \"10.0.0.1, 10.0.0.2\" 0.003")
                        .userAgent())
                .isEqualTo("ua");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            192.0.2.7|client
            192.0.2.7 -|identity
            192.0.2.7 - -|time
            192.0.2.7 - - 17/May/2015:10:05:03 +0000 "GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [17/May/2015:10:05:03 "GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [32/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [17/Mai/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [17/May/2015:25:05:03 +0000] "GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [17/May/2015:10:05:03 +0000]"GET / HTTP/1.1" 200 1|time
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] GET / HTTP/1.1 200 1|request
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1|request
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1\\" 200 1|request
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1"200 1|request
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 20 1|status
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" abc 1|status
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200|status
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 many|bytes
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 -1|bytes
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "http://a|referrer
            192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0 (compa|user_agent
            """)
    void aLineThatIsNotInTheFormatIsRefusedWithTheField(String line, String field) {
        assertThatThrownBy(() -> LogLineParser.parse(line))
                .isInstanceOfSatisfying(
                        Malformed.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "\"", "[", "- - - [", "\\", "a b c [\\", "a b c [x] \"\\", "\u0000\u0001 x [y] \"z\""})
    void garbageIsRefusedAndNeverFailsOtherwise(String line) {
        assertThatThrownBy(() -> LogLineParser.parse(line)).isInstanceOf(Malformed.class);
    }
}
