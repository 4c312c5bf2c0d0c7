package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoadGeneratorTest {
    private final FakeServer server;

    LoadGeneratorTest() throws Exception {
        server = new FakeServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private LoadGenerator generator(int connections, int threads) throws Exception {
        return new LoadGenerator(
                new LoadGenerator.Shape(server.address(), List.of("sk_x"), connections, 10, threads, 1),
                TimeSource.system());
    }

    @Test
    void countsExactlyWhatTheServerAcknowledged() throws Exception {
        try (LoadGenerator generator = generator(5, 2)) {
            LoadResult first = generator.run(Duration.ofMillis(200), 0);
            LoadResult second = generator.run(Duration.ofMillis(200), 0);
            assertThat(first.accepted() + second.accepted()).isEqualTo(server.size());
            assertThat(first.accepted()).isPositive().isEqualTo(first.requests() * 10);
            assertThat(second.latencyMicros().getTotalCount()).isEqualTo(second.requests());
            assertThat(second.ackMillis(50)).isPositive().isLessThanOrEqualTo(second.ackMillis(99));
        }
    }

    @Test
    void sendsARefusedRequestAgainWithTheSameIds() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        server.answering(answer ->
                posts.incrementAndGet() == 1 ? new FakeServer.Answer(503, "0", "{\"title\":\"full\"}") : answer);
        try (LoadGenerator generator = generator(1, 1)) {
            LoadResult result = generator.run(Duration.ofMillis(50), 0);
            assertThat(result.refusals()).isEqualTo(1);
            assertThat(server.bodies().get(1)).isEqualTo(server.bodies().get(0));
            assertThat(result.accepted()).isEqualTo(server.size());
        }
    }

    @Test
    void keepsToTheSchedule() throws Exception {
        try (LoadGenerator generator = generator(4, 2)) {
            LoadResult result = generator.run(Duration.ofMillis(500), 200);
            assertThat(result.requests()).isEqualTo(100);
        }
    }

    @Test
    void countsTheTimeThatScheduledRequestsWaitBehindASlowServer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.answering(answer -> {
            try {
                assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        });
        try (LoadGenerator generator = generator(1, 1)) {
            // 40 requests due within 200 ms are served in 800 ms at best, so the last one waits for 600 ms and more.
            LoadResult result = generator.run(Duration.ofMillis(200), 200);
            assertThat(result.requests()).isEqualTo(40);
            assertThat(result.ackMillis(100)).isGreaterThan(590);
            assertThat(result.ackMillis(50)).isGreaterThan(250);
        }
    }

    @Test
    void failsWhenAnEventIsNotAccepted() throws Exception {
        server.answering(_ -> new FakeServer.Answer(202, "", "{\"status\":\"partial\",\"accepted\":9,\"rejected\":1}"));
        try (LoadGenerator generator = generator(1, 1)) {
            assertThatThrownBy(() -> generator.run(Duration.ofMillis(50), 0)).hasMessageContaining("partial");
        }
    }

    @Test
    void failsOnAnAnswerThatNoLoadShouldSee() throws Exception {
        server.answering(_ -> new FakeServer.Answer(400, "", "{\"title\":\"bad field\"}"));
        try (LoadGenerator generator = generator(1, 1)) {
            assertThatThrownBy(() -> generator.run(Duration.ofMillis(50), 0)).hasMessageContaining("bad field");
        }
    }
}
