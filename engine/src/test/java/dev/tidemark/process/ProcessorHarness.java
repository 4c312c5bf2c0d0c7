package dev.tidemark.process;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.Journal;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What tests of processing need: small batches, quick retries, events in few words, waiting for a condition. */
final class ProcessorHarness {
    static final long HOUR = Duration.ofHours(1).toMillis();
    static final long NOW = 1_790_000_000_000L;
    static final TenantId TENANT = new TenantId("acme");

    private static final EntryCodec CODEC = new EntryCodec();

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Positions positions = new Positions();

    static ProcessSettings settings(Path directory, int maxBatchRows) {
        return new ProcessSettings(
                directory,
                Duration.ofHours(1),
                maxBatchRows,
                ByteSize.mebibytes(1),
                Duration.ofMillis(1),
                3,
                ByteSize.mebibytes(1),
                Duration.ofHours(1),
                4,
                Duration.ofMillis(1));
    }

    Processor processor(
            ProcessSettings settings, Journal journal, FakeEventStore store, State state, StoredListener listener) {
        return processor(settings, journal, store, state, listener, AcceptedListener.NONE);
    }

    Processor processor(
            ProcessSettings settings,
            Journal journal,
            FakeEventStore store,
            State state,
            StoredListener listener,
            AcceptedListener accepted) {
        Processor processor = new Processor(
                settings, journal, store, store, state, positions, listener, accepted, TimeSource.system(), meters);
        processor.start();
        return processor;
    }

    double count(String meter) {
        return meters.get(meter).counter().count();
    }

    static void append(Journal journal, JournalEntry... entries) {
        long _ = journal.append(0, Arrays.stream(entries).map(CODEC::encode).toList())
                .join();
    }

    static void awaitStored(Journal journal, Processor processor) {
        await(() -> processor.status().stream()
                .allMatch(status -> status.storedThrough() == journal.endOffset(status.partition())));
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            Thread.yield();
        }
    }

    static Event event(String id, long receivedAt) {
        return event(TENANT, id, "user-1", receivedAt, receivedAt);
    }

    static Event event(TenantId tenant, String id, @Nullable String user, long timestamp, long receivedAt) {
        return new Event(
                tenant,
                new EventId(id),
                false,
                "click",
                timestamp,
                receivedAt,
                user,
                "anonymous-1",
                null,
                Map.of(),
                Attributes.NONE,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
    }

    static Event assigned(TenantId tenant, String id, long receivedAt) {
        Event event = event(tenant, id, "user-1", receivedAt, receivedAt);
        return new Event(
                event.tenant(),
                event.id(),
                true,
                event.type(),
                event.timestampMillis(),
                event.receivedAtMillis(),
                event.userId(),
                event.anonymousId(),
                null,
                event.context(),
                event.properties(),
                event.traits(),
                false,
                event.expiresOnEpochDay());
    }

    static Event identify(TenantId tenant, String id, @Nullable String user, Attributes traits, long receivedAt) {
        return new Event(
                tenant,
                new EventId(id),
                false,
                "identify",
                receivedAt,
                receivedAt,
                user,
                null,
                null,
                Map.of(),
                Attributes.NONE,
                traits,
                true,
                Event.NEVER_EXPIRES);
    }

    static DeadLetter letter(TenantId tenant, String id, long line, long receivedAt) {
        return new DeadLetter(
                tenant,
                new EventId(id),
                false,
                receivedAt,
                "malformed",
                null,
                "cut off",
                null,
                "{",
                "import:x",
                line,
                Event.NEVER_EXPIRES);
    }

    static Attributes strings(String... namesAndValues) {
        Map<String, String> strings = new java.util.HashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            strings.put(namesAndValues[at], namesAndValues[at + 1]);
        }
        return new Attributes(strings, Map.of(), Map.of());
    }

    static List<String> ids(FakeEventStore store) {
        return store.events().stream()
                .map(row -> row.event().id().value())
                .sorted()
                .toList();
    }
}
