package dev.tidemark.app.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessLogFormatTest {
    private final AccessLogFormat format = new AccessLogFormat(null);

    @Test
    void aLineBecomesOneEventInTheFormOfTheApi() {
        ObjectNode event =
                event("2001:db8::7 - - [17/May/2015:10:05:03 +0200] \"GET /blog/a.html?x=1&y HTTP/1.1\" 200 512"
                        + " \"https://example.com/\" \"Mozilla/5.0 Firefox/115.0\"");

        assertThat(event.path("event_type").asText()).isEqualTo("http_request");
        assertThat(event.path("event_id").asText()).isEqualTo("log-name");
        assertThat(event.path("timestamp").asText()).isEqualTo("2015-05-17T10:05:03+02:00");
        assertThat(event.path("anonymous_id").asText()).startsWith("visitor-");
        assertThat(event.has("user_id")).isFalse();
        assertThat(event.path("properties").toString())
                .isEqualTo(
                        "{\"method\":\"GET\",\"path\":\"/blog/a.html\",\"query\":\"x=1&y\",\"protocol\":\"HTTP/1.1\","
                                + "\"status\":200,\"bytes\":512,\"referrer\":\"https://example.com/\","
                                + "\"is_page\":true,\"is_bot\":false}");
        assertThat(event.path("context").toString())
                .isEqualTo("{\"ip\":\"2001:db8::7\",\"user_agent\":\"Mozilla/5.0 Firefox/115.0\","
                        + "\"page\":{\"url\":\"/blog/a.html?x=1&y\",\"referrer\":\"https://example.com/\"}}");
    }

    @Test
    void theVisitorIsTheSameForTheSameAddressAndAgentOnly() {
        String line = "192.0.2.%d - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"%s\"";

        String one = event(line.formatted(1, "a")).path("anonymous_id").asText();

        assertThat(event(line.formatted(1, "a")).path("anonymous_id").asText()).isEqualTo(one);
        assertThat(event(line.formatted(2, "a")).path("anonymous_id").asText()).isNotEqualTo(one);
        assertThat(event(line.formatted(1, "b")).path("anonymous_id").asText()).isNotEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /            | 200 | true
            GET /blog/post   | 200 | true
            GET /index.html  | 304 | true
            GET /a.PHP       | 206 | true
            GET /v1.2/notes  | 200 | true
            GET /style.css   | 200 | false
            GET /robots.txt  | 200 | false
            GET /gone        | 404 | false
            GET /moved       | 301 | false
            GET /broken      | 500 | false
            HEAD /           | 200 | false
            POST /           | 200 | false
            OPTIONS *        | 200 | false
            """)
    void aPageIsAnAnsweredGetOfSomethingToRead(String request, int status, boolean isPage) {
        ObjectNode event = event("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"" + request + " HTTP/1.1\" " + status
                + " 1 \"-\" \"Mozilla/5.0\"");

        assertThat(event.path("properties").path("is_page").asBoolean(!isPage)).isEqualTo(isPage);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)                 | true
            Mozilla/5.0 (compatible; bingbot/2.0)                                                    | true
            Mozilla/5.0 (compatible; YandexImages/3.0; +http://yandex.com/bots)                      | true
            Baiduspider                                                                              | true
            curl/7.88.1                                                                              | true
            python-requests/2.31                                                                     | true
            Tiny Tiny RSS/1.11 (http://tt-rss.org/)                                                  | true
            UniversalFeedParser/4.2                                                                  | true
            -                                                                                        | true
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36  | false
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1  | false
            Opera/9.80 (X11; Linux) Presto/2.12                                                      | false
            """)
    void aBotNamesItselfOrNothing(String userAgent, boolean isBot) {
        ObjectNode event = event(
                "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"" + userAgent + "\"");

        assertThat(event.path("properties").path("is_bot").asBoolean(!isBot)).isEqualTo(isBot);
    }

    @Test
    void aRequestThatIsNotHttpIsKeptAsItCame() {
        ObjectNode event = event("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\"");

        assertThat(event.path("properties").path("request").asText()).isEqualTo("\u0016\u0003\u0001");
        assertThat(event.path("properties").has("method")).isFalse();
        assertThat(event.path("properties").path("is_page").asBoolean(true)).isFalse();
    }

    @Test
    void aDashForTheSizeIsNothingSent() {
        assertThat(event("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 304 - \"-\" \"-\"")
                        .path("properties")
                        .path("bytes")
                        .asLong(-1))
                .isZero();
    }

    @Test
    void theSiteMakesWholeAddresses() {
        Formed formed = new AccessLogFormat("https://example.com/")
                .form("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 1 \"-\" \"-\"", "name");

        assertThat(((Formed.Ready) formed)
                        .event()
                        .path("context")
                        .path("page")
                        .path("url")
                        .asText())
                .isEqualTo("https://example.com/a");
    }

    @Test
    void anEmptyLineIsNothing() {
        assertThat(format.form("  ", "name")).isEqualTo(new Formed.Nothing());
    }

    @Test
    void aTruncatedLineSaysWhereItEnds() {
        assertThat(format.form(
                        "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"Moz", "name"))
                .isEqualTo(new Formed.Unusable("unparseable_line", "user_agent", "the line ends within user_agent"));
    }

    private ObjectNode event(String line) {
        return ((Formed.Ready) format.form(line, "name")).event();
    }
}
