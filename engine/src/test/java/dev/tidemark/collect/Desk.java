package dev.tidemark.collect;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Reply;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.JournalRecord;
import dev.tidemark.journal.MemoryJournal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The collect stage without a server: requests go in, replies and journal entries come out. */
final class Desk implements AutoCloseable {
    static final CollectConfig CONFIG =
            new CollectConfig(null, 0, CollectConfig.DEFAULT_MAX_IN_FLIGHT, new Secret("masking key of a test"));

    final MemoryJournal journal = new MemoryJournal(1);
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Collector collector;

    Desk(FixedTenants tenants) {
        this(tenants, CONFIG, FixedTime.NOON, (_, _, _, _) -> Set.of());
    }

    Desk(FixedTenants tenants, @Nullable Path geo) {
        this(
                tenants,
                new CollectConfig(geo, 0, ByteSize.mebibytes(64), new Secret("masking key of a test")),
                FixedTime.NOON,
                (_, _, _, _) -> Set.of());
    }

    Desk(FixedTenants tenants, CollectConfig config, TimeSource time, KnownIds known) {
        SplittableRandom random = new SplittableRandom(1);
        collector = new Collector(
                config, tenants, EventAllowance.UNLIMITED, journal, known, Pace.UNHELD, time, random, meters);
    }

    Reply send(String body) {
        return send(body.getBytes(StandardCharsets.UTF_8), FixedTenants.SECRET_KEY, null);
    }

    Reply send(byte[] body, @Nullable String key, @Nullable String contentType) {
        return send(new Submission(
                Submission.Kind.EVENTS,
                NativeFormat.INSTANCE,
                body,
                key,
                null,
                null,
                contentType,
                null,
                null,
                null,
                false,
                "c"));
    }

    Reply send(Submission submission) {
        try (InFlight.Hold hold = collector.hold(null)) {
            return collector
                    .collect(submission, hold, FairShare.Turn.FREE)
                    .join()
                    .get();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Sends one event with a secret key and gives back what the journal got. */
    Event event(String body) {
        int before = entries().size();
        Reply reply = send(body);
        List<JournalEntry> entries = entries();
        if (entries.size() != before + 1) {
            throw new AssertionError("no entry: " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return (Event) entries.getLast();
    }

    InFlight.Hold hold() {
        return collector.hold(null);
    }

    List<JournalEntry> entries() {
        EntryCodec codec = new EntryCodec();
        List<JournalEntry> entries = new ArrayList<>();
        for (JournalRecord record : records()) {
            entries.add(codec.decode(record.bytes()));
        }
        return entries;
    }

    List<JournalRecord> records() {
        return journal.read(0, 0, Integer.MAX_VALUE);
    }

    double count(String name, String... tags) {
        return meters.counter(name, tags).count();
    }

    @Override
    public void close() {
        collector.close();
        journal.close();
    }
}
