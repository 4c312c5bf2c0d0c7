package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client that keeps its events until they are acknowledged: each batch is sent with the same ids until a 202 comes, over
 * any number of crashes. Sometimes it sends an acknowledged batch once more, as a client does that never saw its 202. Ends
 * after its present batch once it is told to.
 */
final class CrashWriter implements Callable<Void> {
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(8);
    private static final Duration BEFORE_RETRY = Duration.ofMillis(50);
    private static final double SHARE_SENT_AGAIN = 0.1;
    private static final int LARGEST = 50;

    private final int number;
    private final TidemarkClient client;
    private final Ledger ledger;
    private final AtomicBoolean stop;
    private final TimeSource time;
    private final SplittableRandom random;
    private final List<CrashBatch> delivered = new ArrayList<>();

    CrashWriter(
            int number,
            TidemarkClient client,
            Ledger ledger,
            AtomicBoolean stop,
            TimeSource time,
            SplittableRandom random) {
        this.number = number;
        this.client = client;
        this.ledger = ledger;
        this.stop = stop;
        this.time = time;
        this.random = random;
    }

    @Override
    public Void call() throws InterruptedException {
        while (!stop.get()) {
            CrashBatch batch = new CrashBatch(number, delivered.size(), 1 + random.nextInt(LARGEST), time.millis());
            deliver(batch);
            ledger.acknowledged(batch);
            delivered.add(batch);
            if (random.nextDouble() < SHARE_SENT_AGAIN) {
                deliver(delivered.get(random.nextInt(delivered.size())));
            }
            time.sleep(BETWEEN_BATCHES);
        }
        return null;
    }

    private void deliver(CrashBatch batch) throws InterruptedException {
        String body = batch.body();
        while (!attempt(batch, body)) {
            time.sleep(BEFORE_RETRY);
        }
    }

    /** Sends once; tells whether it was acknowledged. No answer, 429 and 5xx leave it open; anything else is a finding. */
    private boolean attempt(CrashBatch batch, String body) throws InterruptedException {
        TidemarkClient.Answer answer;
        JsonNode json;
        try {
            answer = client.postEvents(body);
            json = answer.status() == 202 ? answer.json() : null;
        } catch (IOException e) {
            return false;
        }
        if (json == null) {
            if (answer.status() != 429 && answer.status() < 500) {
                throw new IllegalStateException("batch " + batch.id() + " was answered with " + answer);
            }
            return false;
        }
        if (json.path("accepted").asInt(-1) != batch.size()) {
            throw new IllegalStateException(
                    "batch " + batch.id() + " of " + batch.size() + " was answered with " + answer);
        }
        return true;
    }
}
