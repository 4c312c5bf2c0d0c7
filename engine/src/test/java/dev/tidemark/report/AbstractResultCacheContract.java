package dev.tidemark.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every result cache must do. */
abstract class AbstractResultCacheContract {
    static final int MAX_BYTES = 1 << 20;
    static final TenantId ACME = new TenantId("acme");
    static final TenantId OTHER = new TenantId("other");

    /** One that holds {@link #MAX_BYTES}. */
    abstract ResultCache cache();

    @Test
    void givesBackExactlyWhatWasPut() {
        CachedResult result = result(100);
        cache().put(ACME, "question", result);
        assertThat(cache().find(ACME, "question")).contains(result);
        assertThat(cache().find(ACME, "another")).isEmpty();
    }

    @Test
    void neverShowsATenantTheResultsOfAnother() {
        cache().put(ACME, "question", result(100));
        assertThat(cache().find(OTHER, "question")).isEmpty();
    }

    @Test
    void keepsTheLatest() {
        CachedResult latest = result(50);
        cache().put(ACME, "question", result(100));
        cache().put(ACME, "question", latest);
        assertThat(cache().find(ACME, "question")).contains(latest);
    }

    @Test
    void forgetsOneTenantOnly() {
        CachedResult kept = result(100);
        cache().put(ACME, "question", result(100));
        cache().put(OTHER, "question", kept);
        cache().forget(ACME);
        assertThat(cache().find(ACME, "question")).isEmpty();
        assertThat(cache().find(OTHER, "question")).contains(kept);
    }

    @Test
    void doesNotLetOneTenantPushOutTheOthers() {
        CachedResult small = result(100);
        cache().put(OTHER, "question", small);
        for (int index = 0; index < 3_000; index++) {
            cache().put(ACME, "question " + index, result(10_000));
        }
        assertThat(cache().find(OTHER, "question")).contains(small);
        long held = IntStream.range(0, 3_000)
                .filter(index -> cache().find(ACME, "question " + index).isPresent())
                .count();
        assertThat(held * 10_000).isBetween(1L, (long) MAX_BYTES);
        assertThat(cache().find(ACME, "question 2999")).isPresent();
    }

    @Test
    void doesNotKeepWhatIsLargerThanATenantsShare() {
        cache().put(ACME, "small", result(100));
        cache().put(ACME, "question", result(100));
        cache().put(ACME, "question", result(MAX_BYTES));
        assertThat(cache().find(ACME, "question")).isEmpty();
        assertThat(cache().find(ACME, "small")).isPresent();
    }

    static CachedResult result(int bytes) {
        return new CachedResult(new byte[bytes], "hash", 7, Instant.EPOCH, Instant.MAX);
    }
}
