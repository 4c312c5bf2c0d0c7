package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that take long, and what a tenant may ask. */
@Timeout(60)
final class BlockingDispatchTest {
    private static final int MOST = 8;

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch sixInside = new CountDownLatch(6);
    private final AtomicInteger begun = new AtomicInteger();
    private final List<Boolean> ended = new ArrayList<>();
    private int port;

    @BeforeEach
    void open() throws Exception {
        Authentication byHeader = (call, _) -> Authentication.with(
                call,
                new Credential.SecretKey(new TenantId(call.header("X-API-Key").orElseThrow()), "key"));
        Allowance counting = _ -> {
            begun.incrementAndGet();
            return new Allowance.Turn() {
                @Override
                public Map<String, String> headers() {
                    return Map.of("RateLimit", "some");
                }

                @Override
                public void end(boolean asked) {
                    synchronized (ended) {
                        ended.add(asked);
                    }
                }
            };
        };
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(new UuidV7(TimeSource.system(), new Random(8))));
        RouteTable table = new RouteTable(router, new BlockingDispatch(threads, byHeader, MOST, counting));
        table.blocking(HttpMethod.GET, "/api/v1/slow", Access.needs(Permission.SETTINGS_READ), _ -> {
            sixInside.countDown();
            try {
                release.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return Reply.empty(204);
        });
        table.blocking(HttpMethod.GET, "/api/v1/quick", Access.needs(Permission.SETTINGS_READ), _ -> Reply.empty(204));
        table.blocking(HttpMethod.GET, "/api/v1/asked", Access.needs(Permission.DATA_QUERY), _ -> Reply.empty(204));
        table.blocking(HttpMethod.GET, "/api/v1/remembered", Access.needs(Permission.DATA_QUERY), _ -> {
            Asking.answeredFromMemory();
            return Reply.empty(204);
        });
        table.blocking(HttpMethod.GET, "/api/v1/broken", Access.needs(Permission.DATA_QUERY), _ -> {
            throw new IllegalStateException("on purpose");
        });
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        release.countDown();
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        threads.close();
    }

    @Test
    void oneTenantsSlowRequestsLeaveRoomForTheOthers() throws Exception {
        List<CompletableFuture<HttpResponse<Void>>> slow = new ArrayList<>();
        for (int request = 0; request < 6; request++) {
            slow.add(send("acme", "/api/v1/slow"));
        }
        sixInside.await();
        assertThat(send("acme", "/api/v1/quick").get().statusCode()).isEqualTo(503);
        assertThat(send("globex", "/api/v1/quick").get().statusCode()).isEqualTo(204);
        release.countDown();
        for (CompletableFuture<HttpResponse<Void>> each : slow) {
            assertThat(each.get().statusCode()).isEqualTo(204);
        }
        assertThat(send("acme", "/api/v1/quick").get().statusCode()).isEqualTo(204);
    }

    @Test
    void onlyRoutesThatAskTakeATurnAndEachEndsItHoweverItGoes() throws Exception {
        send("acme", "/api/v1/quick").get();
        assertThat(begun).hasValue(0);
        HttpResponse<Void> asked = send("acme", "/api/v1/asked").get();
        assertThat(asked.headers().firstValue("RateLimit")).contains("some");
        send("acme", "/api/v1/remembered").get();
        assertThat(send("acme", "/api/v1/broken").get().statusCode()).isEqualTo(500);
        threads.close();
        assertThat(begun).hasValue(3);
        synchronized (ended) {
            assertThat(ended).containsExactlyInAnyOrder(true, false, true);
        }
    }

    private CompletableFuture<HttpResponse<Void>> send(String tenant, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("X-API-Key", tenant)
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
