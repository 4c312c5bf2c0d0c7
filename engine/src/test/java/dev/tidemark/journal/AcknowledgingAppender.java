package dev.tidemark.journal;

import dev.tidemark.base.ByteSize;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of its own that appends without end, until it is killed. Every acknowledged append is printed as a line: {@code
 * acknowledged partition offset text}, where the appended entries are {@code text/0} and {@code text/1}.
 */
final class AcknowledgingAppender {
    static final String MARK = "acknowledged";
    private static final int THREADS = 4;

    private AcknowledgingAppender() {}

    public static void main(String[] arguments) throws InterruptedException {
        JournalSettings settings = new JournalSettings(
                Path.of(arguments[0]), 2, ByteSize.mebibytes(1024), new ByteSize(0), ByteSize.mebibytes(16));
        RocksJournal journal = RocksJournal.open(settings, new SimpleMeterRegistry());
        PrintStream out = System.out;
        Thread last = Thread.currentThread();
        for (int thread = 0; thread < THREADS; thread++) {
            String name = arguments[1] + "-" + thread;
            int partition = thread % 2;
            last = Thread.ofPlatform().start(() -> {
                for (long number = 0; ; number++) {
                    String text = name + "-" + number;
                    long offset = journal.append(partition, List.of(bytes(text + "/0"), bytes(text + "/1")))
                            .join();
                    synchronized (out) {
                        out.println(MARK + " " + partition + " " + offset + " " + text);
                        out.flush();
                    }
                }
            });
        }
        last.join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
