package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {
    @Test
    void asManyStreamsAsAreWantedWhereTheSystemAllowsThem() {
        assertThat(new OpenFiles(18_048).streams(16_000)).isEqualTo(16_000);
        assertThat(new OpenFiles(Long.MAX_VALUE).streams(1_000_000)).isEqualTo(1_000_000);
    }

    @Test
    void streamsLeaveFilesForTheRestOfTheServer() {
        assertThat(new OpenFiles(18_047).streams(16_000)).isEqualTo(15_999);
        assertThat(new OpenFiles(1_024).streams(16_000)).isEqualTo(512);
    }

    @Test
    void theLimitOfThisProcessIsKnown() {
        assertThat(OpenFiles.ofThisProcess().limit()).isGreaterThan(100);
    }
}
