package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A tenant that sends and asks a little, on a schedule. Thread-safe. */
final class Neighbour implements AutoCloseable {
    private static final String QUESTION = """
            {"type":"trend","interval":"hour","range":{"last":"24h"},"filter":{"property":"properties.number","operator":"gt","value":%d},
             "measures":[{"name":"views","measure":"events","event":"view"},{"name":"people","measure":"users","event":"view"}]}""";

    private final TidemarkClient client;
    private final TimeSource time;

    Neighbour(TidemarkClient client, TimeSource time) {
        this.client = client;
        this.time = time;
    }

    private interface Request {
        TidemarkClient.Answer send(int number) throws IOException, InterruptedException;
    }

    /** Milliseconds from when each request was due to its answer. */
    double[] send(long first, long end, Duration between, int events) throws IOException, InterruptedException {
        return scheduled(first, end, between, 202, number -> client.postEvents(batch(events, number)));
    }

    /** The same of questions, which differ so that none is answered from memory. */
    double[] ask(long first, long end, Duration between) throws IOException, InterruptedException {
        long salt = Math.floorMod(first, 1_000_000L);
        return scheduled(
                first,
                end,
                between,
                200,
                number -> client.call("POST", "/api/v1/query", QUESTION.formatted(-1 - salt - number)));
    }

    private double[] scheduled(long first, long end, Duration between, int status, Request request)
            throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        int number = 0;
        for (long due = first; due < end; due += between.toNanos()) {
            long early = due - time.nanos();
            if (early > 0) {
                time.sleep(Duration.ofNanos(early));
            }
            TidemarkClient.Answer answer = request.send(number++);
            if (answer.status() != status) {
                throw new IOException("a neighbour was answered with " + answer);
            }
            millis.add((time.nanos() - due) / 1e6);
        }
        return millis.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Events that are all different, without ids. */
    static String batch(int events, int from) {
        StringJoiner batch = new StringJoiner(",", "{\"batch\":[", "]}");
        for (int event = from; event < from + events; event++) {
            batch.add("{\"event_type\":\"view\",\"user_id\":\"u" + event % 997 + "\",\"properties\":{\"number\":"
                    + event + ",\"path\":\"/pages/" + event % 61 + "\",\"country\":\"c" + event % 37 + "\"}}");
        }
        return batch.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
