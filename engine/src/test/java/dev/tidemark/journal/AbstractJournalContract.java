package dev.tidemark.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal does. */
public abstract class AbstractJournalContract {
    private static final int PARTITIONS = 3;

    private Journal journal;

    /** Opens the test's journal, with the given partitions when it is new; after a close, with all that it held. */
    protected abstract Journal open(int partitions);

    /** Opens another, empty one that holds at most so many bytes. */
    protected abstract Journal openBounded(long maxBytes);

    @BeforeEach
    void openJournal() {
        journal = open(PARTITIONS);
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    @Test
    void givesConsecutiveOffsetsPerPartitionFromZero() {
        assertThat(journal.partitions()).isEqualTo(PARTITIONS);
        assertThat(append(0, "a", "b")).isZero();
        assertThat(append(1, "x")).isZero();
        assertThat(append(0, "c")).isEqualTo(2);
        assertThat(journal.beginOffset(0)).isZero();
        assertThat(journal.endOffset(0)).isEqualTo(3);
        assertThat(journal.endOffset(1)).isEqualTo(1);
        assertThat(journal.endOffset(2)).isZero();
        assertThat(texts(0, 0, 100)).containsExactly("a", "b", "c");
        assertThat(journal.read(0, 0, 100)).extracting(JournalRecord::offset).containsExactly(0L, 1L, 2L);
    }

    @Test
    void readsFromWithinABatchAndNoMoreThanAsked() {
        append(0, "a", "b", "c", "d");
        append(0, "e", "f");
        assertThat(texts(0, 2, 100)).containsExactly("c", "d", "e", "f");
        assertThat(texts(0, 1, 2)).containsExactly("b", "c");
        assertThat(texts(0, 3, 2)).containsExactly("d", "e");
        assertThat(texts(0, 5, 1)).containsExactly("f");
    }

    @Test
    void readsNothingAtOrPastTheEnd() {
        assertThat(journal.read(0, 0, 10)).isEmpty();
        append(0, "a");
        assertThat(journal.read(0, 1, 10)).isEmpty();
        assertThat(journal.read(0, 99, 10)).isEmpty();
    }

    @Test
    void keepsEntriesOfAnySizeAsTheyWere() {
        Random random = new Random(7);
        List<byte[]> entries = new ArrayList<>();
        for (int size : new int[] {0, 1, 100, 40_000, 300_000}) {
            byte[] entry = new byte[size];
            random.nextBytes(entry);
            entries.add(entry);
        }
        journal.append(2, entries).join();
        List<JournalRecord> records = journal.read(2, 0, 100);
        assertThat(records).hasSameSizeAs(entries);
        for (int index = 0; index < records.size(); index++) {
            assertThat(records.get(index).bytes()).isEqualTo(entries.get(index));
        }
    }

    @Test
    void refusesAnEmptyAppendAndAnUnknownPartition() {
        assertFailsWith(journal.append(0, List.of()), ErrorCode.INTERNAL);
        assertFailsWith(journal.append(PARTITIONS, List.of(new byte[1])), ErrorCode.INTERNAL);
        assertThat(journal.endOffset(0)).isZero();
    }

    @Test
    void concurrentAppendsLeaveNoGapAndKeepEachAppendTogetherAndEachThreadInOrder() throws InterruptedException {
        int threads = 8;
        int appends = 150;
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        CountDownLatch done = new CountDownLatch(threads * appends);
        List<Thread> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            running.add(Thread.ofPlatform().start(() -> {
                for (int append = 0; append < appends; append++) {
                    String name = number + ":" + append;
                    journal.append(append % PARTITIONS, bytes(name + ":0", name + ":1", name + ":2"))
                            .whenComplete((offset, failure) -> {
                                if (failure == null) {
                                    acknowledged.put(name, offset);
                                }
                                done.countDown();
                            });
                }
            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).hasSize(threads * appends);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<String> texts = texts(partition, 0, Integer.MAX_VALUE);
            assertThat(texts).hasSize(threads * (appends / PARTITIONS) * 3);
            Map<String, Integer> lastOfThread = new HashMap<>();
            for (int at = 0; at < texts.size(); at += 3) {
                String[] parts = texts.get(at).split(":");
                String name = parts[0] + ":" + parts[1];
                assertThat(texts.subList(at, at + 3)).containsExactly(name + ":0", name + ":1", name + ":2");
                assertThat(acknowledged.get(name)).isEqualTo(at);
                Integer before = lastOfThread.put(parts[0], Integer.parseInt(parts[1]));
                assertThat(before == null || before < Integer.parseInt(parts[1]))
                        .isTrue();
            }
        }
    }

    @Test
    void anAcknowledgedEntryCanBeReadAtOnce() {
        for (int round = 0; round < 50; round++) {
            String text = "r" + round;
            List<JournalRecord> seen = journal.append(0, bytes(text))
                    .thenApply(offset -> journal.read(0, offset, 1))
                    .join();
            assertThat(seen)
                    .singleElement()
                    .satisfies(record -> assertThat(text(record)).isEqualTo(text));
        }
    }

    @Test
    void keepsOffsetsAndPartitionsWhenItIsOpenedAgain() {
        append(0, "a", "b");
        append(0, "c");
        append(2, "z");
        journal.close();
        journal = open(PARTITIONS + 2);
        assertThat(journal.partitions()).isEqualTo(PARTITIONS);
        assertThat(journal.endOffset(0)).isEqualTo(3);
        assertThat(texts(0, 0, 10)).containsExactly("a", "b", "c");
        assertThat(append(0, "d")).isEqualTo(3);
        assertThat(append(1, "first")).isZero();
        assertThat(texts(2, 0, 10)).containsExactly("z");
    }

    @Test
    void trimDropsOnlyWhatIsBeforeTheOffsetAndTheEndStays() {
        for (int batch = 0; batch < 20; batch++) {
            append(0, "a" + batch, "b" + batch);
        }
        journal.trim(0, 21);
        assertThat(journal.beginOffset(0)).isBetween(1L, 21L);
        assertThat(texts(0, 21, 2)).containsExactly("b10", "a11");
        assertFailsWith(ErrorCode.NOT_FOUND, () -> journal.read(0, 0, 1));
        journal.trim(0, 5);
        assertThat(texts(0, 21, 1)).containsExactly("b10");
        journal.trim(0, 40);
        journal.trim(1, 10);
        assertThat(journal.endOffset(0)).isEqualTo(40);
        journal.close();
        journal = open(PARTITIONS);
        assertThat(journal.endOffset(0)).isEqualTo(40);
        assertThat(journal.beginOffset(0)).isBetween(1L, 40L);
        assertThat(append(0, "next")).isEqualTo(40);
        assertThat(texts(0, 40, 1)).containsExactly("next");
        assertThat(append(1, "untouched")).isZero();
    }

    @Test
    void awaitReturnsAtOnceForWhatIsThereAndInVainForWhatIsNot() throws InterruptedException {
        append(0, "a");
        assertThat(journal.awaitOffset(0, 0, Duration.ZERO)).isTrue();
        assertThat(journal.awaitOffset(0, 1, Duration.ofMillis(5))).isFalse();
        assertThat(journal.awaitOffset(1, 0, Duration.ofMillis(5))).isFalse();
    }

    @Test
    void awaitEndsWhenTheEntryComes() throws InterruptedException {
        CompletableFuture<Boolean> waiting = awaiting(0, 2);
        append(0, "a", "b");
        append(1, "other partition");
        assertThat(waiting).isNotDone();
        append(0, "c");
        assertThat(waiting.orTimeout(30, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void aFullJournalRefusesUntilItIsTrimmed() {
        try (Journal bounded = openBounded(10_000)) {
            assertThat(bounded.capacity()).isEqualTo(Journal.Capacity.AVAILABLE);
            List<byte[]> kilobyte = List.of(incompressible(1_000));
            int accepted = 0;
            CompletableFuture<Long> append = bounded.append(0, kilobyte);
            while (!isFailed(append)) {
                accepted++;
                append = bounded.append(0, kilobyte);
                assertThat(accepted).isLessThan(20);
            }
            assertFailsWith(append, ErrorCode.JOURNAL_FULL);
            assertThat(bounded.endOffset(0)).isEqualTo(accepted).isBetween(8L, 10L);
            bounded.trim(0, 5);
            assertThat(bounded.append(0, kilobyte).join()).isEqualTo(accepted);
        }
    }

    @Test
    void aClosedJournalRefusesEverythingAndWakesWhoWaits() throws InterruptedException {
        append(0, "a");
        CompletableFuture<Boolean> waiting = awaiting(0, 10);
        journal.close();
        journal.close();
        assertFailsWith(journal.append(0, bytes("b")), ErrorCode.SHUTTING_DOWN);
        assertFailsWith(ErrorCode.SHUTTING_DOWN, () -> journal.read(0, 0, 1));
        assertFailsWith(
                ErrorCode.SHUTTING_DOWN,
                () -> waiting.orTimeout(30, TimeUnit.SECONDS).join());
        assertThat(waiting).isCompletedExceptionally();
    }

    @Test
    void closingFinishesTheAppendsThatWereTaken() {
        List<CompletableFuture<Long>> appends = IntStream.range(0, 200)
                .mapToObj(number -> journal.append(number % PARTITIONS, bytes("n" + number)))
                .toList();
        journal.close();
        assertThat(appends).allSatisfy(append -> assertThat(append).isDone());
        long acknowledged = appends.stream().filter(append -> !isFailed(append)).count();
        journal = open(PARTITIONS);
        assertThat(journal.endOffset(0) + journal.endOffset(1) + journal.endOffset(2))
                .isEqualTo(acknowledged)
                .isEqualTo(200);
    }

    private CompletableFuture<Boolean> awaiting(int partition, long offset) throws InterruptedException {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                outcome.complete(journal.awaitOffset(partition, offset, Duration.ofSeconds(30)));
            } catch (InterruptedException | TidemarkException failure) {
                outcome.completeExceptionally(failure);
            }
        });
        while (thread.getState() != Thread.State.TIMED_WAITING && !outcome.isDone()) {
            Thread.onSpinWait();
        }
        return outcome;
    }

    private long append(int partition, String... entries) {
        return journal.append(partition, bytes(entries)).join();
    }

    private List<String> texts(int partition, long from, int max) {
        return journal.read(partition, from, max).stream()
                .map(AbstractJournalContract::text)
                .toList();
    }

    private static String text(JournalRecord record) {
        return new String(record.bytes(), StandardCharsets.UTF_8);
    }

    private static List<byte[]> bytes(String... entries) {
        return Arrays.stream(entries)
                .map(entry -> entry.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static boolean isFailed(CompletableFuture<Long> append) {
        return append.handle((_, failure) -> failure != null).join();
    }

    /** Bytes that take as much room on disk as they are many. */
    static byte[] incompressible(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static void assertFailsWith(CompletableFuture<Long> append, ErrorCode code) {
        assertFailsWith(code, append::join);
    }

    private static void assertFailsWith(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            assertThat(cause).isInstanceOf(TidemarkException.class);
            assertThat(((TidemarkException) cause).code()).isEqualTo(code);
        });
    }
}
