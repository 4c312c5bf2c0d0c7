package dev.tidemark.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessorReadinessTest {
    @Test
    void isNotReadyOnceAnEventHasWaitedForMoreThanAMinute() {
        assertThat(ProcessorReadiness.of(60, false)).isEqualTo(PartState.READY);
        assertThat(ProcessorReadiness.of(60.6, false))
                .isEqualTo(new PartState.NotReady("events have waited for 61 s to be stored"));
    }

    @Test
    void warnsOfWhatIsInQuarantineAndStaysReady() {
        assertThat(ProcessorReadiness.of(0, true)).isInstanceOf(PartState.Warning.class);
        assertThat(ProcessorReadiness.of(61, true)).isInstanceOf(PartState.NotReady.class);
    }
}
