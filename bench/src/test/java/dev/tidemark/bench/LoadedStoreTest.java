package dev.tidemark.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadedStoreTest {
    private static final long EVENTS = 100_000_000;
    private static final Instant NOW = Instant.parse("2026-03-10T12:34:56Z");

    @TempDir
    private Path directory;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aStatementThatTheEngineHasTooLittleMemoryForIsSentAgainUnderItsName() throws Exception {
        try (MeagreEngine engine = new MeagreEngine(241, 3)) {
            load(engine);
            assertThat(engine.refused).isNotEmpty();
            assertThat(engine.done).containsAll(engine.refused).doesNotHaveDuplicates();
            assertThat(Set.copyOf(engine.done)).isEqualTo(tokens());
            assertThat(said).contains("the engine is short of memory; statements at a time from now on: 2");
            assertThat(engine.settings)
                    .containsEntry("deduplicate_insert_select", "enable_even_for_bad_queries")
                    .containsEntry("deduplicate_blocks_in_dependent_materialized_views", "1");
        }
    }

    @Test
    void anEngineWithRoomForOneStatementIsLoadedOneAtATime() throws Exception {
        try (MeagreEngine engine = new MeagreEngine(241, 1)) {
            load(engine);
            assertThat(Set.copyOf(engine.done)).isEqualTo(tokens());
            assertThat(said).contains("the engine is short of memory; statements at a time from now on: 1");
        }
    }

    @Test
    void anEngineWithoutRoomForOneStatementFailsTheLoad() throws Exception {
        try (MeagreEngine engine = new MeagreEngine(241, 0)) {
            assertThatThrownBy(() -> load(engine)).hasMessageContaining("too little memory");
            assertThat(directory.resolve("events.json")).doesNotExist();
        }
    }

    @Test
    void anotherRefusalFailsTheLoadAtOnce() throws Exception {
        try (MeagreEngine engine = new MeagreEngine(62, 0)) {
            assertThatThrownBy(() -> load(engine)).hasMessageContaining("the engine answered 500");
            assertThat(said).noneMatch(line -> line.contains("short of memory"));
        }
    }

    private void load(MeagreEngine engine) throws IOException, InterruptedException {
        try (EngineHttp client = new EngineHttp(engine.port(), "")) {
            new LoadedStore(client, directory.resolve("events.json"), new PassingTime(), said::add)
                    .ensure(EVENTS, 10, 1);
        }
        assertThat(Files.readString(directory.resolve("events.json"))).contains("100000000");
    }

    private static Set<String> tokens() {
        return new SyntheticEvents(EVENTS, 10, 1, NOW)
                .inserts(5_000_000).stream().map(SyntheticEvents.Insert::token).collect(Collectors.toSet());
    }

    /** Time that passes when somebody sleeps. */
    private static final class PassingTime implements TimeSource {
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public Instant instant() {
            return NOW;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public void sleep(Duration duration) {
            nanos.addAndGet(duration.toNanos());
        }
    }

    /** Refuses inserts beyond so many since it was last asked about its merges; it has 8 GiB, whatever that helps. */
    private static final class MeagreEngine implements AutoCloseable {
        private final HttpServer http;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final int code;
        private final int room;
        private final AtomicInteger underWay = new AtomicInteger();
        private final List<String> done = new ArrayList<>();
        private final Set<String> refused = new HashSet<>();
        private Map<String, String> settings = Map.of();

        MeagreEngine(int code, int room) throws IOException {
            this.code = code;
            this.room = room;
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(threads);
            http.createContext("/", this::answer);
            http.start();
        }

        int port() {
            return http.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            String sql = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (sql.startsWith("INSERT")) {
                insert(exchange, options(exchange));
            } else if (sql.contains("system.merges")) {
                underWay.set(0);
                reply(exchange, 200, "0");
            } else {
                reply(exchange, 200, sql.contains("max_server_memory_usage") ? Long.toString(8L << 30) : "");
            }
        }

        private synchronized void insert(HttpExchange exchange, Map<String, String> options) throws IOException {
            String token = options.get("insert_deduplication_token");
            settings = options;
            if (underWay.incrementAndGet() > room) {
                refused.add(token);
                exchange.getResponseHeaders().set("X-ClickHouse-Exception-Code", Integer.toString(code));
                reply(exchange, 500, "Code: " + code);
                return;
            }
            done.add(token);
            reply(exchange, 200, "");
        }

        private static Map<String, String> options(HttpExchange exchange) {
            return Arrays.stream(exchange.getRequestURI().getRawQuery().split("&"))
                    .map(pair -> pair.split("=", 2))
                    .collect(Collectors.toMap(
                            pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        }

        private static void reply(HttpExchange exchange, int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            http.stop(0);
            threads.close();
        }
    }
}
