package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AckLogTest {
    @Test
    void knowsWhenEachEventWasAcknowledged() {
        AckLog log = new AckLog();
        assertThat(log.momentOf(1)).isEqualTo(AckLog.NOT_YET);
        for (int i = 1; i <= 1000; i++) {
            log.add(3, i * 10L);
        }
        assertThat(log.total()).isEqualTo(3000);
        assertThat(log.momentOf(1)).isEqualTo(10);
        assertThat(log.momentOf(3)).isEqualTo(10);
        assertThat(log.momentOf(4)).isEqualTo(20);
        assertThat(log.momentOf(2999)).isEqualTo(10_000);
        assertThat(log.momentOf(3000)).isEqualTo(10_000);
        assertThat(log.momentOf(3001)).isEqualTo(AckLog.NOT_YET);
    }
}
