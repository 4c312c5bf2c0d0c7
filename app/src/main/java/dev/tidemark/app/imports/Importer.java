package dev.tidemark.app.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of one file to a server, several batches at a time, and remembers how far everything is there. What an earlier
 * run has sent is recognised by content and not sent again. Not thread-safe.
 */
final class Importer {
    private static final int IN_FLIGHT = 4;

    private final Source source;
    private final RecordFormat format;
    private final ApiClient api;
    private final Path positions;
    private final boolean again;
    private final Progress progress;
    private final TimeSource time;
    private final BatchSender sender;

    private final Occurrences occurrences = new Occurrences();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private Outcome outcome = Outcome.NONE;
    private Checkpoint reached = Checkpoint.START;

    /**
     * @param positions the directory of what is known of earlier runs against this server
     * @param again whether to send everything, whatever is known
     */
    Importer(
            Source source,
            RecordFormat format,
            ApiClient api,
            Path positions,
            boolean again,
            Progress progress,
            TimeSource time) {
        this.source = source;
        this.format = format;
        this.api = api;
        this.positions = positions;
        this.again = again;
        this.progress = progress;
        this.time = time;
        this.sender = new BatchSender(api, source.name());
    }

    /** Returns when everything is on the server and visible to its queries. */
    ImportSummary run() throws IOException, InterruptedException {
        String tenant = api.get("/api/v1/pipeline").path("tenant").asText();
        Checkpoints checkpoints = Checkpoints.open(positions, key(tenant));
        Checkpoint known = again ? Checkpoint.START : furthest(checkpoints.byLines());
        reached = known;
        long lines;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                lines = sendAll(known, checkpoints, threads);
            } catch (InterruptedException | RuntimeException | IOException e) {
                threads.shutdownNow();
                throw e;
            }
        }
        awaitQueryable();
        progress.finish(lines, outcome);
        return new ImportSummary(lines, outcome.accepted(), outcome.duplicates(), outcome.deadLetters());
    }

    private String key(String tenant) throws IOException {
        try (LineReader reader = source.open()) {
            String first = reader.next().map(LineReader.Line::text).orElse("");
            return Hashes.name(tenant, format.identity(), first);
        }
    }

    /** The furthest of the known checkpoints whose content is that of this file. */
    private Checkpoint furthest(Map<Long, List<Checkpoint>> known) throws IOException {
        Checkpoint furthest = Checkpoint.START;
        long last = known.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        try (LineReader reader = source.open()) {
            for (long line = 1; line <= last && reader.next().isPresent(); line++) {
                String digest = known.containsKey(line) ? Hashes.hex(reader.digest()) : "";
                for (Checkpoint checkpoint : known.getOrDefault(line, List.of())) {
                    furthest = checkpoint.digest().equals(digest) ? checkpoint : furthest;
                }
            }
        }
        return furthest;
    }

    private long sendAll(Checkpoint known, Checkpoints checkpoints, ExecutorService threads)
            throws IOException, InterruptedException {
        Source.Counted counted = new Source.Counted();
        long total = source.bytes();
        long knownRecords = 0;
        long line = 0;
        try (LineReader reader = source.open(counted)) {
            Batch.Builder batch = new Batch.Builder();
            while (true) {
                Record record = next(reader);
                if (record == null) {
                    break;
                }
                line = record.lastLine();
                Formed formed = form(record);
                if (line <= known.lines()) {
                    knownRecords += formed instanceof Formed.Nothing ? 0 : 1;
                    continue;
                }
                if (!record.terminated()) {
                    // The last line may still be written to: what precedes it gets a checkpoint of its own.
                    submit(batch, record.firstLine() - 1, record.start(), false, threads);
                    batch = new Batch.Builder();
                }
                add(batch, record, formed);
                if (batch.full() || !record.terminated()) {
                    submit(batch, line, reader.digest(), !record.terminated(), threads);
                    batch = new Batch.Builder();
                }
                while (pending.size() >= IN_FLIGHT) {
                    settle(checkpoints);
                    progress.show(counted.bytes(), total, reached.lines(), outcome);
                }
            }
            if (!batch.isEmpty()) {
                submit(batch, line, reader.digest(), false, threads);
            }
            while (!pending.isEmpty()) {
                settle(checkpoints);
                progress.show(counted.bytes(), total, reached.lines(), outcome);
            }
        }
        outcome = outcome.plus(new Outcome(0, knownRecords - known.deadLetters(), known.deadLetters()));
        return line;
    }

    /** Everything is in the store once the oldest event that waits there was received after the end of the sending. */
    private void awaitQueryable() throws InterruptedException {
        long ended = time.nanos();
        for (int i = 0; ; i++) {
            double sinceEnd = (time.nanos() - ended) / 1e9;
            JsonNode own = api.get("/api/v1/pipeline");
            long waiting = own.path("lag_events").asLong();
            double oldest = own.path("lag_seconds").asDouble();
            if (waiting == 0 || (oldest > 0 && oldest < sinceEnd)) {
                return;
            }
            progress.waiting(waiting);
            time.sleep(Duration.ofMillis(Math.min(1_000, 20L << Math.min(i, 10))));
        }
    }

    private Formed form(Record record) {
        if (!record.whole()) {
            return new Formed.Unusable(
                    "line_too_long", null, "the line is longer than " + LineReader.MAX_BYTES + " bytes");
        }
        return format.form(record.text(), record.name());
    }

    private void add(Batch.Builder batch, Record record, Formed formed) {
        switch (formed) {
            case Formed.Ready(var event) ->
                batch.event(new Batch.Item(event, record.firstLine(), record.text(), record.name()));
            case Formed.Unusable(String reason, String field, String message) ->
                batch.deadLetter(
                        sender.deadLetter(
                                record.name(), record.firstLine(), record.text(), reason, field, message, null),
                        record.text());
            case Formed.Nothing() -> {}
        }
    }

    private void submit(
            Batch.Builder builder, long line, MessageDigest digest, boolean provisional, ExecutorService threads) {
        Batch batch = builder.build();
        pending.add(new Pending(line, Hashes.hex(digest), provisional, threads.submit(() -> sender.send(batch))));
    }

    /** Waits for the oldest batch, so that the checkpoint never passes one that is not on the server. */
    private void settle(Checkpoints checkpoints) throws InterruptedException {
        Pending oldest = pending.removeFirst();
        try {
            Outcome sent = oldest.sent().get();
            outcome = outcome.plus(sent);
            Checkpoint next =
                    new Checkpoint(oldest.lines(), oldest.digest(), reached.deadLetters() + sent.deadLetters());
            checkpoints.advance(reached, next, oldest.provisional());
            reached = next;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                throw known;
            }
            throw new TidemarkException(ErrorCode.INTERNAL, "a batch could not be sent", e.getCause());
        }
    }

    /** One record: a line, or several where a quoted field spans them. */
    private @Nullable Record next(LineReader reader) throws IOException {
        MessageDigest start = reader.digest();
        LineReader.Line first = reader.next().orElse(null);
        if (first == null) {
            return null;
        }
        LineReader.Line last = first;
        String text = first.text();
        boolean whole = first.whole();
        while (format.continues(text)) {
            LineReader.Line more = reader.next().orElse(null);
            if (more == null) {
                break;
            }
            last = more;
            text = text + "\n" + more.text();
            whole &= more.whole();
        }
        String name = occurrences.name(text);
        return new Record(first.number(), last.number(), start, text, name, last.terminated(), whole);
    }

    /** @param start digest of everything before it */
    private record Record(
            long firstLine,
            long lastLine,
            MessageDigest start,
            String text,
            String name,
            boolean terminated,
            boolean whole) {}

    /** @param provisional whether the last line has no end yet */
    private record Pending(long lines, String digest, boolean provisional, Future<Outcome> sent) {}
}
