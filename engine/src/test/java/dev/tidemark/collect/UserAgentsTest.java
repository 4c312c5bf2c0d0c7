package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserAgentsTest {
    private static final UserAgents AGENTS = new UserAgents();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 | desktop | Chrome | 126 | Windows
            Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 | desktop | Safari | 17 | Mac OS X
            Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0 | desktop | Firefox | 127 | Linux
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 | mobile | Mobile Safari | 17 | iOS
            Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1 | tablet | Mobile Safari | 16 | iOS
            Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36 | mobile | Chrome Mobile | 126 | Android
            Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 | tablet | Chrome | 126 | Android
            Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/63.0 TV Safari/537.36 | tv | Samsung Internet | 2 | Tizen
            Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) | bot | Googlebot | 2 |
            Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) | bot | bingbot | 2 |
            curl/8.5.0 | other | curl | 8 |
            something of its own | other | | |
            """)
    void readsTheCommonOnes(String text, String device, String browser, String version, String os) {
        UserAgent agent = AGENTS.parse(text);
        assertThat(agent.deviceType()).isEqualTo(device);
        assertThat(agent.browser()).isEqualTo(browser);
        assertThat(agent.browserVersion()).isEqualTo(version);
        assertThat(agent.os()).isEqualTo(os);
    }

    @Test
    void looksAtTheFirst512CharactersAndRemembers() {
        String start = "curl/8.5.0 " + "x".repeat(501);
        assertThat(AGENTS.cached(start + "y")).isNull();
        UserAgent agent = AGENTS.parse(start + "y");
        assertThat(AGENTS.cached(start + "z")).isSameAs(agent);
    }
}
