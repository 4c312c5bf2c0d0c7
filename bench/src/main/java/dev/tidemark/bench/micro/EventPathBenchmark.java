package dev.tidemark.bench.micro;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.store.Block;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.StoreLimits;
import dev.tidemark.store.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What one event costs one thread on its way: into journal bytes, out of them, and into an insert block of the store. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventPathBenchmark {
    private static final int EVENTS = 5000;
    private static final long NOON = Instant.parse("2026-03-15T12:00:00Z").toEpochMilli();

    private final EntryCodec codec = new EntryCodec();
    private final List<StoredEvent> stored = new ArrayList<>();
    private final List<byte[]> encoded = new ArrayList<>();
    private final ClickHouseStore store = new ClickHouseStore(
            () -> {
                throw new IllegalStateException("encoding asks no engine");
            },
            StoreLimits.defaults(),
            TimeSource.system(),
            new SimpleMeterRegistry());

    public EventPathBenchmark() {
        SplittableRandom random = new SplittableRandom(1);
        UuidV7 ids = new UuidV7(TimeSource.system(), random);
        for (int i = 0; i < EVENTS; i++) {
            Event event = event(ids, random, i);
            stored.add(new StoredEvent(event, new JournalAddress(0, i), random.nextLong(), Attributes.NONE));
            encoded.add(codec.encode(event));
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void encodesJournalEntries(Blackhole sink) {
        for (StoredEvent each : stored) {
            sink.consume(codec.encode(each.event()));
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void decodesJournalEntries(Blackhole sink) {
        for (byte[] each : encoded) {
            JournalEntry entry = codec.decode(each);
            sink.consume(entry);
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Block encodesAnInsertBlock() {
        return store.encodeEvents("token", stored);
    }

    private static Event event(UuidV7 ids, SplittableRandom random, int number) {
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        context.put(ContextField.PAGE_URL, "https://acme.example/shoes/" + random.nextInt(500));
        context.put(ContextField.PAGE_PATH, "/shoes/" + random.nextInt(500));
        context.put(ContextField.REFERRER, "https://www.google.com/");
        context.put(ContextField.REFERRER_HOST, "www.google.com");
        context.put(ContextField.DEVICE_TYPE, random.nextBoolean() ? "desktop" : "mobile");
        context.put(ContextField.BROWSER, "Chrome");
        context.put(ContextField.BROWSER_VERSION, "131");
        context.put(ContextField.OS, "Windows");
        context.put(ContextField.OS_VERSION, "10");
        context.put(ContextField.LOCALE, "en-US");
        Attributes properties = new Attributes(
                Map.of("category", "shoes", "brand", "Alto", "layout", "grid", "theme", "dark"),
                Map.of(
                        "load_ms", (double) random.nextInt(900),
                        "scroll", (double) random.nextInt(100),
                        "viewport", (double) random.nextInt(2000),
                        "dwell_ms", (double) random.nextInt(99_999)),
                Map.of());
        return new Event(
                new TenantId("default"),
                new EventId(ids.at(NOON + number).toString()),
                false,
                number % 2 == 0 ? "page_view" : "click",
                NOON + number,
                NOON + number,
                "u" + random.nextInt(100_000),
                null,
                Long.toHexString(random.nextLong()),
                context,
                properties,
                Attributes.NONE,
                false,
                Event.NEVER_EXPIRES);
    }
}
