package dev.tidemark.collect;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.JournalRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Prints what collecting one event costs on one thread, from bytes of a batch of 50 to encoded entries and the answer. */
final class CollectCost {
    private CollectCost() {}

    public static void main(String[] arguments) {
        System.out.println(measure(Integer.parseInt(arguments.length == 0 ? "6" : arguments[0])));
    }

    private static String measure(int rounds) {
        byte[] body = batch();
        TimeSource time = TimeSource.system();
        try (Collector collector = new Collector(
                Desk.CONFIG,
                new FixedTenants(),
                EventAllowance.UNLIMITED,
                new NoJournal(),
                (_, _, _, _) -> Set.of(),
                Pace.UNHELD,
                time,
                new SplittableRandom(1),
                new SimpleMeterRegistry())) {
            Submission submission = new Submission(
                    Submission.Kind.EVENTS,
                    NativeFormat.INSTANCE,
                    body,
                    FixedTenants.WRITE_KEY,
                    null,
                    null,
                    "application/json",
                    null,
                    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                    "127.0.0.1",
                    false,
                    "c");
            StringBuilder report = new StringBuilder("bytes per event " + body.length / 50 + "; us per event:");
            for (int round = 0; round < rounds; round++) {
                long began = time.nanos();
                int sent = 0;
                while (time.nanos() - began < 2_000_000_000L) {
                    try (InFlight.Hold hold = collector.hold(null)) {
                        sent += 50
                                * collector
                                        .collect(submission, hold, FairShare.Turn.FREE)
                                        .join()
                                        .get()
                                        .status()
                                / 202;
                    }
                }
                report.append(String.format(" %.2f", (time.nanos() - began) / 1_000.0 / sent));
            }
            return report.toString();
        }
    }

    private static byte[] batch() {
        StringBuilder batch = new StringBuilder("{\"batch\":[");
        for (int i = 0; i < 50; i++) {
            batch.append(i == 0 ? "" : ",").append("""
                    {"event_id":"0198f0aa-1111-7000-8000-0000000%05d","event_type":"page_view","timestamp":"2026-03-01T12:00:%02d.123Z",\
                    "user_id":"user-%d","anonymous_id":"anon-%d","session_id":"session-%d",\
                    "properties":{"amount":%d.5,"currency":"EUR","plan":"pro","count":%d,"first":true,"variant":"b"},\
                    "context":{"page":{"url":"https://shop.example/products/%d?utm_source=mail&utm_medium=email","title":"Product",\
                    "referrer":"https://search.example/"},"locale":"en-GB","library":{"name":"tidemark.js","version":"0.1.0"}}}""".formatted(i, i, i, i, i, i, i, i));
        }
        return batch.append("],\"sent_at\":")
                .append(TimeSource.system().millis())
                .append('}')
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Takes everything and keeps nothing. */
    private static final class NoJournal implements Journal {
        @Override
        public int partitions() {
            return 4;
        }

        @Override
        public CompletableFuture<Long> append(int partition, List<byte[]> entries) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public List<JournalRecord> read(int partition, long from, int maxEntries) {
            return List.of();
        }

        @Override
        public boolean awaitOffset(int partition, long offset, Duration atMost) {
            return false;
        }

        @Override
        public long beginOffset(int partition) {
            return 0;
        }

        @Override
        public long endOffset(int partition) {
            return 0;
        }

        @Override
        public void trim(int partition, long before) {}

        @Override
        public Capacity capacity() {
            return Capacity.AVAILABLE;
        }

        @Override
        public void close() {}
    }
}
