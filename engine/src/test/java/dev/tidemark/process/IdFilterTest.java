package dev.tidemark.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdFilterTest {
    private static final int ADDED = 1_700_000;

    @Test
    void neverDeniesWhatWasAddedAndSeldomPassesWhatWasNot() {
        IdFilter filter = new IdFilter();
        for (int number = 0; number < ADDED; number++) {
            filter.add(key(number));
        }
        int missed = 0;
        for (int number = 0; number < ADDED; number++) {
            missed += filter.mayContain(key(number)) ? 0 : 1;
        }
        assertThat(missed).isZero();
        int passed = 0;
        for (int number = ADDED; number < ADDED + 100_000; number++) {
            passed += filter.mayContain(key(number)) ? 1 : 0;
        }
        assertThat(passed).isLessThan(3_000);
    }

    @Test
    void anEmptyOnePassesNothing() {
        IdFilter filter = new IdFilter();
        Random random = new Random(3);
        for (int round = 0; round < 1_000; round++) {
            assertThat(filter.mayContain(key(random.nextInt()))).isFalse();
        }
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(12).putInt(number).putLong(number * 31L).array();
    }
}
