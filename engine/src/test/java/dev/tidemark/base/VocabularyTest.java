package dev.tidemark.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "demo", "acme-2", "0", "a23456789012345678901234567890123456789012345678901234567890123"})
    void acceptsTenantIds(String id) {
        assertThat(new TenantId(id).value()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "Demo",
                "a b",
                "a'b",
                "ä",
                "a/b",
                "a23456789012345678901234567890123456789012345678901234567890123x"
            })
    void refusesTenantIdsThatNameNoTenantAndNamesTheField(String id) {
        assertThatThrownBy(() -> new TenantId(id)).isInstanceOfSatisfying(TidemarkException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FIELD);
            assertThat(failure.field()).contains("tenant_id");
        });
    }

    @Test
    void boundsEventIds() {
        assertThat(new EventId("x".repeat(255)).value()).hasSize(255);
        assertThatThrownBy(() -> new EventId("x".repeat(256))).isInstanceOf(TidemarkException.class);
        assertThatThrownBy(() -> new EventId("")).isInstanceOf(TidemarkException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "64KiB,65536", "4 MiB,4194304", "2gib,2147483648", "1KB,1000", "3tb,3000000000000"})
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "4 bananas", "1.5GiB", "KiB", "99999999999999999999"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining(text);
    }

    @Test
    void neverPrintsASecretAndComparesByValue() {
        Secret secret = new Secret("hunter2");
        assertThat(secret).hasToString("***").isEqualTo(new Secret("hunter2")).isNotEqualTo(new Secret("hunter3"));
        assertThat("" + secret).doesNotContain("hunter2");
        assertThat(secret.reveal()).isEqualTo("hunter2");
    }

    @Test
    void makesVersionSevenUuidsThatSortByTime() {
        long millis = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
        UuidV7 ids = new UuidV7(InstantSource.fixed(Instant.ofEpochMilli(millis)), new Random(42));
        UUID first = ids.next();
        assertThat(first.version()).isEqualTo(7);
        assertThat(first.variant()).isEqualTo(2);
        assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(millis);
        assertThat(ids.at(millis + 1).toString()).isGreaterThan(ids.at(millis).toString());
        assertThat(ids.next()).isNotEqualTo(first);
    }

    @Test
    void keepsTheWireNamesOfErrorCodes() {
        assertThat(ErrorCode.INVALID_FIELD.wireName()).isEqualTo("invalid_field");
        assertThat(ErrorCode.JOURNAL_FULL.retryable()).isTrue();
        assertThat(ErrorCode.MALFORMED_BODY.retryable()).isFalse();
    }
}
