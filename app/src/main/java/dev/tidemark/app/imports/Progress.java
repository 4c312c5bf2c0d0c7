package dev.tidemark.app.imports;

import java.io.PrintStream;
import java.time.InstantSource;

/** Shows how far an import is: one line that redraws itself on a terminal, else a plain line every ten seconds. Not thread-safe. */
final class Progress {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private final long startedMillis;
    private long shownMillis;

    Progress(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.startedMillis = clock.millis();
        this.shownMillis = startedMillis;
    }

    /** @param read of the file's total bytes, compressed where it is */
    void show(long read, long total, long lines, Outcome outcome) {
        long now = clock.millis();
        if (now - shownMillis < (terminal ? 100 : 10_000)) {
            return;
        }
        shownMillis = now;
        int percent = total == 0 ? 100 : (int) Math.min(100, read * 100 / total);
        String counts = "%3d %%  %,d lines  %,d accepted  %,d duplicates  %,d dead letters"
                .formatted(percent, lines, outcome.accepted(), outcome.duplicates(), outcome.deadLetters());
        if (terminal) {
            int filled = percent * WIDTH / 100;
            out.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + counts + "\u001b[K");
            out.flush();
        } else {
            out.println(counts);
        }
    }

    /** While the server catches up. */
    void waiting(long events) {
        if (terminal) {
            out.print("\rWaiting until the last %,d events can be queried\u001b[K".formatted(events));
            out.flush();
        }
    }

    void finish(long lines, Outcome outcome) {
        double seconds = Math.max(1, clock.millis() - startedMillis) / 1000.0;
        out.println((terminal ? "\r\u001b[K" : "")
                + "%,d lines: %,d accepted, %,d duplicates, %,d dead letters in %.1f s"
                        .formatted(lines, outcome.accepted(), outcome.duplicates(), outcome.deadLetters(), seconds));
    }
}
