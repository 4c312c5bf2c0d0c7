package dev.tidemark.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingTest {

    @ParameterizedTest
    @CsvSource({"-5,0", "0,0", "500,0", "510,2", "750,50", "1000,100", "4999,100", "5000,100", "5001,0", "3600000,0"})
    void holdsAnswersBackOnlyWhileThatHelpsTheStoreToFollow(long ageMillis, long delayMillis) {
        assertThat(Pacing.delayMillis(ageMillis)).isEqualTo(delayMillis);
    }
}
