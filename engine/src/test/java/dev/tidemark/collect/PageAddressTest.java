package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageAddressTest {

    @ParameterizedTest
    @CsvSource({
        "https://Shop.Example/a/b?x=1#y, shop.example, /a/b",
        "http://user:pw@shop.example:8080, shop.example, /",
        "https://shop.example?x=1, shop.example, /",
        "//shop.example/a, shop.example, /a",
        "/a/b?x=http://other.example/, , /a/b",
        "http://[::1]:80/x, [::1], /x",
        "android-app://com.example/, com.example, /",
        "about:blank, ,",
        "https://, , /",
        "http://a b/%%%, a b, /%%%",
        "?, ,",
    })
    void takesAddressesApart(String address, String host, String path) {
        PageAddress page = PageAddress.of(address);
        assertThat(page.host()).isEqualTo(host);
        assertThat(page.path()).isEqualTo(path);
    }

    @Test
    void findsParametersByTheirWholeName() {
        PageAddress page = PageAddress.of(
                "https://a.example/?xutm_source=no&utm_source_platform=no&utm_source=a%20b+c&utm_medium=&utm_term=%zz&utm_content=%00");
        assertThat(page.parameter("utm_source")).isEqualTo("a b c");
        assertThat(page.parameter("utm_medium")).isNull();
        assertThat(page.parameter("utm_term")).isEqualTo("%zz");
        assertThat(page.parameter("utm_content")).isNull();
        assertThat(page.parameter("utm_campaign")).isNull();
    }
}
