package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.SettableTime;
import dev.tidemark.base.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CaffeineResultCacheTest extends AbstractResultCacheContract {
    private final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    private final CaffeineResultCache cache = new CaffeineResultCache(new ByteSize(MAX_BYTES), time);

    @Override
    ResultCache cache() {
        return cache;
    }

    @Test
    void dropsResultsAfterADay() {
        cache.put(ACME, "question", result(100));
        time.advance(Duration.ofHours(25));
        assertThat(cache.find(ACME, "question")).isEmpty();
    }
}
