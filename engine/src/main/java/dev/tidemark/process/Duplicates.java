package dev.tidemark.process;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.process.State.Generation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the duplicates of a batch: an entry whose id came before, in the batch, within the horizon, or (for an event that
 * was older than the horizon when it came, and for a dead letter of a file's line) ever. Entries whose id the server made
 * are never duplicates. Of one partition; not thread-safe.
 */
final class Duplicates {
    private static final char EVENT = 'e';
    private static final char DEAD_LETTER = 'd';

    private final int partition;
    private final State state;
    private final HistoricalIds historicalIds;
    private final long horizonMillis;
    private final long generationMillis;

    Duplicates(int partition, State state, HistoricalIds historicalIds, Duration horizon) {
        this.partition = partition;
        this.state = state;
        this.historicalIds = historicalIds;
        this.horizonMillis = horizon.toMillis();
        this.generationMillis = horizonMillis / 2;
    }

    /**
     * @param duplicates by the index of the entry
     * @param idKeys of the entries that came for the first time
     */
    record Verdicts(BitSet duplicates, Map<Generation, List<byte[]>> idKeys) {}

    private record Candidate(int index, JournalEntry entry, EventId id, byte[] key) {}

    private record Stretch(TenantId tenant, YearMonth month) {}

    Verdicts judge(List<? extends JournalEntry> entries) {
        BitSet duplicates = new BitSet(entries.size());
        List<Candidate> candidates = new ArrayList<>(entries.size());
        Set<ByteBuffer> seen = new HashSet<>();
        for (int index = 0; index < entries.size(); index++) {
            Candidate candidate = candidate(index, entries.get(index));
            if (candidate == null) {
                continue;
            }
            if (seen.add(ByteBuffer.wrap(candidate.key()))) {
                candidates.add(candidate);
            } else {
                duplicates.set(index);
            }
        }
        if (candidates.isEmpty()) {
            return new Verdicts(duplicates, Map.of());
        }
        boolean[] known =
                state.known(partition, candidates.stream().map(Candidate::key).toList());
        List<Candidate> fresh = new ArrayList<>(candidates.size());
        for (int at = 0; at < known.length; at++) {
            if (known[at]) {
                duplicates.set(candidates.get(at).index());
            } else {
                fresh.add(candidates.get(at));
            }
        }
        markHistorical(fresh, duplicates);
        Map<Generation, List<byte[]>> idKeys = new LinkedHashMap<>();
        for (Candidate candidate : fresh) {
            if (!duplicates.get(candidate.index())) {
                idKeys.computeIfAbsent(generation(candidate.entry().receivedAtMillis()), _ -> new ArrayList<>())
                        .add(candidate.key());
            }
        }
        return new Verdicts(duplicates, idKeys);
    }

    /** The key of an event's id; null never stands for one. */
    static byte[] eventKey(TenantId tenant, EventId id) {
        return key(EVENT, tenant, id);
    }

    private static @Nullable Candidate candidate(int index, JournalEntry entry) {
        return switch (entry) {
            case Event event when event.idAssigned() -> null;
            case Event event -> new Candidate(index, event, event.id(), key(EVENT, event.tenant(), event.id()));
            case DeadLetter letter when letter.idAssigned() -> null;
            case DeadLetter letter ->
                new Candidate(index, letter, letter.id(), key(DEAD_LETTER, letter.tenant(), letter.id()));
        };
    }

    private static byte[] key(char kind, TenantId tenant, EventId id) {
        byte[] of = tenant.value().getBytes(StandardCharsets.UTF_8);
        byte[] name = id.value().getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[of.length + name.length + 2];
        key[0] = (byte) kind;
        System.arraycopy(of, 0, key, 1, of.length);
        System.arraycopy(name, 0, key, of.length + 2, name.length);
        return key;
    }

    private Generation generation(long receivedAtMillis) {
        long start = Math.floorDiv(receivedAtMillis, generationMillis) * generationMillis;
        return new Generation(start, start + generationMillis);
    }

    private void markHistorical(List<Candidate> fresh, BitSet duplicates) {
        Map<Stretch, List<Candidate>> events = new HashMap<>();
        Map<TenantId, List<Candidate>> letters = new HashMap<>();
        for (Candidate candidate : fresh) {
            switch (candidate.entry()) {
                case Event event -> {
                    if (event.timestampMillis() < event.receivedAtMillis() - horizonMillis) {
                        Stretch stretch = new Stretch(event.tenant(), month(event.timestampMillis()));
                        events.computeIfAbsent(stretch, _ -> new ArrayList<>()).add(candidate);
                    }
                }
                case DeadLetter letter -> {
                    if (letter.line() > 0) {
                        letters.computeIfAbsent(letter.tenant(), _ -> new ArrayList<>())
                                .add(candidate);
                    }
                }
            }
        }
        events.forEach((stretch, of) -> {
            long min = Long.MAX_VALUE;
            long max = Long.MIN_VALUE;
            for (Candidate candidate : of) {
                long timestamp = ((Event) candidate.entry()).timestampMillis();
                min = Math.min(min, timestamp);
                max = Math.max(max, timestamp);
            }
            mark(of, historicalIds.stored(stretch.tenant(), min, max, ids(of)), duplicates);
        });
        letters.forEach((tenant, of) -> mark(of, historicalIds.storedDeadLetters(tenant, ids(of)), duplicates));
    }

    private static void mark(List<Candidate> candidates, Set<EventId> stored, BitSet duplicates) {
        for (Candidate candidate : candidates) {
            if (stored.contains(candidate.id())) {
                duplicates.set(candidate.index());
            }
        }
    }

    private static List<EventId> ids(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::id).toList();
    }

    static YearMonth month(long timestampMillis) {
        return YearMonth.from(Instant.ofEpochMilli(timestampMillis).atOffset(ZoneOffset.UTC));
    }
}
