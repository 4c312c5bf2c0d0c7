package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The URL of an engine as operators write it. */
final class EngineAddressTest {

    @Test
    void readsEveryPart() {
        EngineAddress address = EngineAddress.parse("https://an%40user:p%3Ass+1@ch.example:9000/analytics");
        assertThat(address.url()).hasToString("https://ch.example:9000");
        assertThat(address.database()).isEqualTo("analytics");
        assertThat(address.writer().user()).isEqualTo("an@user");
        assertThat(address.writer().password().reveal()).isEqualTo("p:ss+1");
        assertThat(address.reader()).isEqualTo(address.writer());
        assertThat(address.toString()).doesNotContain("p:ss");
    }

    @Test
    void fillsInWhatIsLeftOut() {
        EngineAddress address = EngineAddress.parse("http://localhost");
        assertThat(address.url()).hasToString("http://localhost:8123");
        assertThat(address.database()).isEqualTo("tidemark");
        assertThat(address.writer().user()).isEqualTo("default");
        assertThat(EngineAddress.parse("https://localhost/").url()).hasToString("https://localhost:8443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8123",
                "tcp://localhost:9000",
                "http://",
                "http://h/a b",
                "http://h/x;drop",
                "http://h/a/b",
                "http://h/d?x=1"
            })
    void refusesWhatItCannotUse(String text) {
        assertThatThrownBy(() -> EngineAddress.parse(text)).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(failure.field()).contains("clickhouse-url");
        });
    }
}
