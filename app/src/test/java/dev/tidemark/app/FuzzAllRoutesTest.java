package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.tidemark.http.RouteTable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty thousand requests that nobody should send, to every route there is, over raw sockets. */
final class FuzzAllRoutesTest {
    private static final int REQUESTS = 50_000;
    private static final int SENDERS = 10;
    private static final long SEED = 20_261_122;
    private static final long MEMORY_SLACK = 300L << 20;
    private static final int FILE_SLACK = 60;
    private static final int THREAD_SLACK = 20;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final Pattern VIRTUAL = Pattern.compile("\"virtual\": true");

    @TempDir
    Path directory;

    /**
     * Every one is answered below 500, or its connection ends where the HTTP itself is broken; no answer holds a secret, anything of another
     * tenant or of the inside; and afterwards there is no more of anything than before.
     */
    @Test
    @Timeout(240)
    void nothingThatIsSentHurts() throws Exception {
        System.out.println("seed " + SEED);
        try (AccessWorld world = new AccessWorld(directory)) {
            List<RouteTable.Entry> routes = world.routes();
            assertThat(routes).hasSizeGreaterThan(140);
            HostileCredentials credentials = new HostileCredentials(world);
            HostileTally tally = new HostileTally(credentials.secrets());
            AccessWorld.Things other = world.of(AccessWorld.GLOBEX);
            Map<String, String> before = state(world, other);
            long memory = usedMemory();
            long files = openFiles();
            long threads = threads();
            long virtual = virtualThreads("before");
            int port = world.server.running().url().getPort();
            long started = System.nanoTime();
            try (ExecutorService pool = Executors.newFixedThreadPool(SENDERS)) {
                List<HostileRequests> made = new ArrayList<>();
                List<Future<?>> senders = new ArrayList<>();
                for (int index = 0; index < SENDERS; index++) {
                    HostileRequests requests = new HostileRequests(new Random(SEED + index), routes, credentials);
                    made.add(requests);
                    senders.add(pool.submit(new HostileSender(port, REQUESTS / SENDERS, requests, tally)));
                }
                for (Future<?> sender : senders) {
                    sender.get();
                }
                assertThat(made.stream().flatMap(each -> each.met().stream()).collect(Collectors.toSet()))
                        .as("routes that were attacked")
                        .containsAll(routes);
            }
            System.out.println(tally + " in " + (System.nanoTime() - started) / 1_000_000 + " ms");
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.sent()).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(tally.answered()).isGreaterThan(REQUESTS * 9L / 10);
            assertThat(tally.answered(200, 300))
                    .as("requests that did something")
                    .isGreaterThan(REQUESTS / 8);
            assertThat(tally.answered(400, 500))
                    .as("requests that were refused")
                    .isGreaterThan(REQUESTS / 8);
            assertThat(tally.closed()).as("good HTTP without an answer").isLessThan(REQUESTS / 500);

            eventually("open files", FuzzAllRoutesTest::openFiles, files + FILE_SLACK);
            eventually("threads", FuzzAllRoutesTest::threads, threads + THREAD_SLACK);
            eventually("virtual threads", () -> virtualThreads("after"), virtual + THREAD_SLACK);
            eventually("memory", FuzzAllRoutesTest::usedMemory, memory + MEMORY_SLACK);
            assertThat(world.send("GET", "/health/ready", "").status()).isEqualTo(200);
            assertThat(world.send("GET", "/metrics", "", AccessWorld.bearer(world.operatorKey()))
                            .body())
                    .contains("tidemark_live_streams 0.0");
            assertThat(state(world, other)).isEqualTo(before);
            String event = "{\"event_type\":\"order\",\"user_id\":\"afterwards\"}";
            for (AccessWorld.Things each : List.of(other, world.of(AccessWorld.ACME))) {
                assertThat(world.send("POST", "/api/v1/events", event, AccessWorld.bearer(each.secretKey()))
                                .status())
                        .isEqualTo(202);
            }
            try (var logs = Files.list(directory.resolve("data").resolve("logs"))) {
                for (Path log : logs.toList()) {
                    assertThat(Files.readString(log))
                            .doesNotContain(credentials.secrets())
                            .doesNotContain("\"level\":\"ERROR\"");
                }
            }
        }
    }

    /** What the other tenant has, as its own key sees it. */
    private static Map<String, String> state(AccessWorld world, AccessWorld.Things tenant) throws Exception {
        Map<String, String> state = new LinkedHashMap<>();
        for (String path : List.of(
                "/api/v1/reports",
                "/api/v1/reports/" + tenant.report() + "/definition",
                "/api/v1/reports/" + tenant.report() + "/grants",
                "/api/v1/reports/" + tenant.report() + "/share-links",
                "/api/v1/cohorts",
                "/api/v1/schemas",
                "/api/v1/settings",
                "/api/v1/keys",
                "/api/v1/members",
                "/api/v1/invitations",
                "/api/v1/token-issuers",
                "/api/v1/event-types",
                "/api/v1/dead-letters")) {
            state.put(
                    path,
                    world.send("GET", path, "", AccessWorld.bearer(tenant.secretKey()))
                            .body()
                            .replaceAll("\"last_used_at\":[^,}]*", ""));
        }
        return state;
    }

    private static void eventually(String what, LongSupplier measured, long atMost) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long now = measured.getAsLong();
        while (now > atMost && System.nanoTime() < deadline) {
            Thread.yield();
            now = measured.getAsLong();
        }
        assertThat(now).as(what).isLessThanOrEqualTo(atMost);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static long threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** Those that are busy with requests or with anything else. */
    private long virtualThreads(String name) {
        try {
            Path dump = directory.resolve(name + ".json");
            Files.deleteIfExists(dump);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            Matcher matcher = VIRTUAL.matcher(Files.readString(dump));
            return matcher.results().count();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
