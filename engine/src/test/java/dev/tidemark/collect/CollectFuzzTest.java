package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.MemoryJournal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CollectFuzzTest {
    private static final int REQUESTS = 24_000;
    private static final int SENDERS = 6;
    private static final long SEED = 20_260_301;
    private static final long MEMORY_SLACK = 256L << 20;

    /**
     * Malformed, truncated, huge, deeply nested, wrongly encoded and wrongly typed requests get an answer below 500, or a closed
     * connection where the HTTP itself is broken; memory stays bounded; and every valid event sent meanwhile is in the journal.
     */
    @Test
    @Timeout(90)
    void survivesWhateverIsSent() throws Exception {
        System.out.println("seed " + SEED);
        MemoryJournal journal = new MemoryJournal(4);
        CollectConfig config = Desk.CONFIG;
        Set<String> acknowledged = new HashSet<>();
        FuzzTally tally = new FuzzTally();
        CollectServer server = new CollectServer(new FixedTenants(), journal, config, (_, _, _, _) -> Set.of());
        try (server;
                ExecutorService threads = Executors.newFixedThreadPool(SENDERS + 1)) {
            long before = usedMemory();
            AtomicBoolean done = new AtomicBoolean();
            Future<Set<String>> valid = threads.submit(validSender(server.port, done));
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                FuzzSender sender = new FuzzSender(server.port, SEED + i, REQUESTS / SENDERS, tally);
                senders.add(threads.submit(sender));
            }
            try {
                for (Future<?> sender : senders) {
                    sender.get();
                }
            } finally {
                done.set(true);
            }
            acknowledged.addAll(valid.get());
            assertThat(usedMemory() - before - journalBytes(journal)).isLessThan(MEMORY_SLACK);
        }
        assertThat(server.inFlight()).isZero();
        System.out.println(tally);
        assertThat(tally.sent()).isGreaterThanOrEqualTo(20_000);
        assertThat(tally.failures()).isEmpty();
        assertThat(tally.answered()).isGreaterThan(15_000);
        assertThat(acknowledged).hasSizeGreaterThan(100);
        assertThat(journaled(journal)).containsAll(acknowledged);
    }

    private static Callable<Set<String>> validSender(int port, AtomicBoolean done) {
        return () -> {
            Set<String> acknowledged = new HashSet<>();
            try (HttpClient client = HttpClient.newHttpClient()) {
                for (int i = 0; !done.get() || i == 0; i++) {
                    String id = "valid-" + i;
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port + "/api/v1/events"))
                            .header("Authorization", "Bearer " + FixedTenants.WRITE_KEY)
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"event_type\":\"valid\",\"event_id\":\"" + id + "\"}"))
                            .build();
                    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
                    acknowledged.add(id);
                }
            }
            return acknowledged;
        };
    }

    private static Set<String> journaled(MemoryJournal journal) {
        EntryCodec codec = new EntryCodec();
        Set<String> ids = new HashSet<>();
        for (int partition = 0; partition < journal.partitions(); partition++) {
            journal.read(partition, 0, Integer.MAX_VALUE).forEach(each -> {
                JournalEntry entry = codec.decode(each.bytes());
                if (entry instanceof Event event) {
                    ids.add(event.id().value());
                }
            });
        }
        return ids;
    }

    private static long journalBytes(MemoryJournal journal) {
        long bytes = 0;
        for (int partition = 0; partition < journal.partitions(); partition++) {
            bytes += journal.read(partition, 0, Integer.MAX_VALUE).stream()
                    .mapToLong(each -> each.bytes().length)
                    .sum();
        }
        return bytes;
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
