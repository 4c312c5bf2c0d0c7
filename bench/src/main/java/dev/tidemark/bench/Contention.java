package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** The small tenant's questions while the largest tenant asks heavy ones without a pause, against the same questions alone. */
final class Contention {
    private static final int HEAVY_CLIENTS = 16;
    private static final int WARM_UPS = 5;
    private static final List<Analysis> HEAVY =
            List.of(Analysis.DAU_BY_COUNTRY, Analysis.TABLE, Analysis.TREND_BY_COUNTRY);
    private static final List<Analysis> SMALL = List.of(Analysis.TREND, Analysis.METRIC, Analysis.DAU_BY_COUNTRY);

    private final TidemarkClient largest;
    private final TidemarkClient small;
    private final String smallTenant;
    private final Instant until;
    private final int runs;
    private final TimeSource time;

    Contention(
            TidemarkClient largest,
            TidemarkClient small,
            String smallTenant,
            Instant until,
            int runs,
            TimeSource time) {
        this.largest = largest;
        this.small = small;
        this.smallTenant = smallTenant;
        this.until = until;
        this.runs = runs;
        this.time = time;
    }

    AnalysisResult measure() throws IOException, InterruptedException {
        List<String> heavy = questions(HEAVY);
        List<String> light = questions(SMALL);
        ask(light, WARM_UPS);
        double[] quiet = ask(light, runs);
        AtomicBoolean over = new AtomicBoolean();
        LongAdder answers = new LongAdder();
        LongAdder refusals = new LongAdder();
        double[] busy;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < HEAVY_CLIENTS; client++) {
                String question = heavy.get(client % heavy.size());
                clients.add(threads.submit(() -> {
                    while (!over.get()) {
                        // A remembered answer is not heavy: without this they keep the server busy, not the engine.
                        largest.call("POST", "/api/v1/cache/invalidate", "");
                        int status =
                                largest.call("POST", "/api/v1/query", question).status();
                        (status == 200 ? answers : refusals).increment();
                        if (status != 200) {
                            time.sleep(java.time.Duration.ofMillis(50));
                        }
                    }
                    return null;
                }));
            }
            try {
                ask(light, WARM_UPS);
                busy = ask(light, runs);
            } finally {
                over.set(true);
            }
        }
        return new AnalysisResult.Contended(smallTenant, quiet, busy, answers.sum(), refusals.sum());
    }

    /** Milliseconds of each question, in turns. */
    private double[] ask(List<String> questions, int times) throws IOException, InterruptedException {
        double[] millis = new double[times * questions.size()];
        for (int index = 0; index < millis.length; index++) {
            small.call("POST", "/api/v1/cache/invalidate", "");
            long begun = time.nanos();
            TidemarkClient.Answer answer = small.call("POST", "/api/v1/query", questions.get(index % questions.size()));
            millis[index] = (time.nanos() - begun) / 1e6;
            if (answer.status() != 200) {
                throw new IOException("the small tenant was answered with " + answer);
            }
        }
        return millis;
    }

    private List<String> questions(List<Analysis> analyses) throws IOException {
        List<String> questions = new ArrayList<>();
        for (Analysis analysis : analyses) {
            questions.add(analysis.question(analysis.days(until), "").toString());
        }
        return questions;
    }
}
