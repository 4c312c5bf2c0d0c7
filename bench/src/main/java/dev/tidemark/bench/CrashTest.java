package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Kills a server and its engine child under load, restarts it at once, and compares at the end. The data directory and the
 * port stay the same throughout. Used once.
 */
final class CrashTest {
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(20);
    private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(120);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(120);
    private static final Duration STABLE_FOR = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);

    private final ServerProcess.Plan plan;
    private final int writers;
    private final long seed;
    private final TimeSource time;
    private final Consumer<String> progress;
    private final Ledger ledger = new Ledger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<ProcessHandle> abandoned = new ArrayList<>();

    CrashTest(ServerProcess.Plan plan, int writers, long seed, TimeSource time, Consumer<String> progress) {
        this.plan = plan;
        this.writers = writers;
        this.seed = seed;
        this.time = time;
        this.progress = progress;
    }

    Verdict run(List<Strike> strikes) throws IOException, InterruptedException {
        Instant begun = Instant.ofEpochMilli(time.millis());
        ServerProcess server = ServerProcess.start(plan, time);
        try {
            server.awaitReady(READY_LIMIT);
            try (TidemarkClient client = new TidemarkClient(plan.url(), server.secretKey());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Void>> deliveries = startWriters(client, threads);
                try {
                    for (int round = 0; round < strikes.size(); round++) {
                        server = endure(server, strikes.get(round), round + 1);
                        failEarly(deliveries);
                    }
                    recovered(server);
                    finish(deliveries);
                } finally {
                    threads.shutdownNow();
                }
                Questions.Range everything = new Questions.Range(
                        begun.minus(CrashBatch.OLDEST).minus(Duration.ofDays(1)), begun.plus(Duration.ofDays(1)));
                awaitDrained(client, everything);
                progress.accept("comparing " + ledger.events() + " acknowledged events with what is stored");
                Questions.Range recent = new Questions.Range(
                        begun.minus(Duration.ofMinutes(2)),
                        Instant.ofEpochMilli(time.millis()).plus(Duration.ofMinutes(2)));
                Verdict verdict = new Verifier(client, ledger, everything, recent).verify();
                server.stop();
                return verdict;
            }
        } finally {
            if (server.alive()) {
                server.kill();
            }
        }
    }

    private List<Future<Void>> startWriters(TidemarkClient client, ExecutorService threads) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Future<Void>> deliveries = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            deliveries.add(threads.submit(new CrashWriter(writer, client, ledger, stop, time, random.split())));
        }
        return deliveries;
    }

    /** One round: waits for the moment, strikes, and starts the server again when it was struck. */
    private ServerProcess endure(ServerProcess server, Strike strike, int round)
            throws IOException, InterruptedException {
        if (!strike.duringStart()) {
            recovered(server);
        }
        time.sleep(strike.after());
        List<ProcessHandle> engine = strike.target() == Strike.Target.ENGINE ? awaitEngine(server) : server.engine();
        if (strike.target().engine()) {
            engine.forEach(ProcessHandle::destroyForcibly);
        }
        progress.accept(String.format(
                Locale.ROOT,
                "round %d: killed %s %d ms after %s; %d events acknowledged so far",
                round,
                strike.target().name().toLowerCase(Locale.ROOT),
                strike.after().toMillis(),
                strike.duringStart() ? "its start" : "it was ready",
                ledger.events()));
        if (!strike.target().server()) {
            for (ProcessHandle process : engine) {
                awaitEnd(process, "the engine did not die");
            }
            return server;
        }
        server.kill();
        abandoned.addAll(engine);
        return ServerProcess.start(plan, time);
    }

    private List<ProcessHandle> awaitEngine(ServerProcess server) throws IOException, InterruptedException {
        long deadline = time.nanos() + READY_LIMIT.toNanos();
        while (server.engine().isEmpty()) {
            if (time.nanos() > deadline) {
                throw new IOException("the server runs without an engine child");
            }
            time.sleep(POLL);
        }
        return server.engine();
    }

    /** Waits until the server is ready again and nothing is left of the engines of servers that were killed. */
    private void recovered(ServerProcess server) throws IOException, InterruptedException {
        server.awaitReady(READY_LIMIT);
        for (ProcessHandle process : abandoned) {
            awaitEnd(process, "an engine outlived its killed server");
        }
        abandoned.clear();
    }

    private static void awaitEnd(ProcessHandle process, String complaint) throws IOException, InterruptedException {
        try {
            process.onExit().get(ORPHAN_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException(complaint + ": process " + process.pid(), e);
        }
    }

    private static void failEarly(List<Future<Void>> deliveries) throws IOException, InterruptedException {
        for (Future<Void> delivery : deliveries) {
            if (delivery.isDone()) {
                result(delivery);
            }
        }
    }

    private void finish(List<Future<Void>> deliveries) throws IOException, InterruptedException {
        stop.set(true);
        for (Future<Void> delivery : deliveries) {
            result(delivery);
        }
    }

    private static void result(Future<Void> delivery) throws IOException, InterruptedException {
        try {
            delivery.get(DELIVERY_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a writer failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("a writer was not acknowledged for " + DELIVERY_LIMIT.toSeconds() + " s", e);
        }
    }

    /**
     * Waits until as many events are stored as were acknowledged and their number stands still, so that late duplicates are
     * caught. Gives up waiting, not judging, when it takes too long.
     */
    private void awaitDrained(TidemarkClient client, Questions.Range range) throws IOException, InterruptedException {
        long deadline = time.nanos() + DRAIN_LIMIT.toNanos();
        long stored = -1;
        long since = time.nanos();
        while (time.nanos() < deadline) {
            long now = Math.round(
                    client.ask(Questions.count(range, List.of())).path("value").asDouble());
            if (now != stored) {
                stored = now;
                since = time.nanos();
            }
            if (stored >= ledger.events() && time.nanos() - since >= STABLE_FOR.toNanos()) {
                return;
            }
            time.sleep(POLL);
        }
        progress.accept("gave up waiting: " + stored + " of " + ledger.events() + " events are stored");
    }
}
