package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Tenants that each send and ask a little on a fixed schedule, while one of them does whatever it can: without it, with it, and with it
 * under the limits of a plan. What is late for its schedule counts from when it was due.
 */
final class NeighboursBench {
    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(2);
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int HISTORY_OF_NEIGHBOUR = 1_000;
    private static final int EVENTS_A_REQUEST = 10;
    private static final int CHUNK = 1_000;
    private static final String LIMITS = """
            {"overrides":{"events_per_second":2000,"queries_per_minute":60,"concurrent_queries":2,"viewers":20}}""";

    private final String url;
    private final TidemarkClient operator;
    private final Load load;
    private final TimeSource time;
    private final Consumer<String> progress;

    /**
     * What is done.
     *
     * @param tenants the one that misbehaves included
     * @param window that is measured, each time
     * @param history events of the one that misbehaves
     */
    record Load(int tenants, Duration window, int history, int senders, int askers, int viewers) {}

    NeighboursBench(String url, String operatorKey, Load load, TimeSource time, Consumer<String> progress) {
        this.url = url;
        this.operator = new TidemarkClient(url, operatorKey);
        this.load = load;
        this.time = time;
        this.progress = progress;
    }

    NeighboursResult run() throws IOException, InterruptedException {
        List<Neighbour> neighbours = new ArrayList<>();
        try (TidemarkClient misbehaving = tenant("t00", load.history)) {
            for (int number = 1; number < load.tenants; number++) {
                progress.accept("making tenant " + number + " of " + load.tenants);
                neighbours.add(new Neighbour(tenant("t%02d".formatted(number), HISTORY_OF_NEIGHBOUR), time));
            }
            progress.accept("warming up");
            window(neighbours, WARM_UP);
            progress.accept("quiet");
            NeighboursResult.Waits quiet = window(neighbours, load.window);
            progress.accept("flood");
            Misbehaver.Done unlimited;
            NeighboursResult.Waits flooded;
            try (Misbehaver misbehaver = new Misbehaver(url, misbehaving, load, time)) {
                time.sleep(SETTLE);
                misbehaver.begin();
                flooded = window(neighbours, load.window);
                unlimited = misbehaver.done();
            }
            limit();
            progress.accept("flood with limits");
            Misbehaver.Done limited;
            NeighboursResult.Waits withLimits;
            try (Misbehaver misbehaver = new Misbehaver(url, misbehaving, load, time)) {
                time.sleep(SETTLE);
                misbehaver.begin();
                withLimits = window(neighbours, load.window);
                limited = misbehaver.done();
            }
            return new NeighboursResult(load.tenants, load.window, quiet, flooded, unlimited, withLimits, limited);
        } finally {
            neighbours.forEach(Neighbour::close);
            operator.close();
        }
    }

    private void limit() throws IOException, InterruptedException {
        TidemarkClient.Answer answer = operator.call("PUT", "/api/v1/tenants/t00/limits", LIMITS);
        if (answer.status() != 200) {
            throw new IOException("the limits were answered with " + answer);
        }
    }

    private TidemarkClient tenant(String id, int events) throws IOException, InterruptedException {
        TidemarkClient.Answer made = operator.call("POST", "/api/v1/tenants", "{\"tenant_id\":\"" + id + "\"}");
        JsonNode key = made.json().path("secret_key");
        if (made.status() != 201 || !key.isTextual()) {
            throw new IOException("a tenant could not be made: " + made);
        }
        TidemarkClient client = new TidemarkClient(url, key.textValue());
        for (int sent = 0; sent < events; sent += CHUNK) {
            TidemarkClient.Answer answer = client.postEvents(Neighbour.batch(Math.min(CHUNK, events - sent), sent));
            if (answer.status() != 202) {
                throw new IOException("the history was answered with " + answer);
            }
        }
        return client;
    }

    /** Has all neighbours send and ask for a while, evenly spread. */
    private NeighboursResult.Waits window(List<Neighbour> neighbours, Duration length)
            throws IOException, InterruptedException {
        long begun = time.nanos();
        long end = begun + length.toNanos();
        List<Future<double[]>> sent = new ArrayList<>();
        List<Future<double[]>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < neighbours.size(); number++) {
                Neighbour neighbour = neighbours.get(number);
                long first = begun + BETWEEN_EVENTS.toNanos() * number / neighbours.size();
                long firstQuestion = begun + BETWEEN_QUESTIONS.toNanos() * number / neighbours.size();
                sent.add(threads.submit(() -> neighbour.send(first, end, BETWEEN_EVENTS, EVENTS_A_REQUEST)));
                asked.add(threads.submit(() -> neighbour.ask(firstQuestion, end, BETWEEN_QUESTIONS)));
            }
            return new NeighboursResult.Waits(all(sent), all(asked));
        }
    }

    private static double[] all(List<Future<double[]>> parts) throws IOException, InterruptedException {
        List<double[]> done = new ArrayList<>();
        for (Future<double[]> part : parts) {
            try {
                done.add(part.get());
            } catch (ExecutionException e) {
                throw new IOException("a neighbour failed: " + e.getCause(), e.getCause());
            }
        }
        return done.stream().flatMapToDouble(java.util.Arrays::stream).sorted().toArray();
    }
}
