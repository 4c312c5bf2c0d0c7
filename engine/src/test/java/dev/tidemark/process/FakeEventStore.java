package dev.tidemark.process;

import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalAddress;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.store.Block;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.RowSink;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.StoredDeadLetter;
import dev.tidemark.store.StoredEvent;
import dev.tidemark.store.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A store in memory, de-duplicating by token as the engine does. It fails an insert whose token came before with other bytes,
 * and a block of several months. Its contents survive any restart of what uses it. Thread-safe.
 */
final class FakeEventStore implements EventStore, HistoricalIds {
    private final EntryCodec codec = new EntryCodec();
    private final Map<String, byte[]> payloads = new HashMap<>();
    private final List<StoredEvent> events = new ArrayList<>();
    private final List<StoredDeadLetter> letters = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private volatile Consumer<Block> fault = _ -> {};

    /** Called before every insert; what it throws fails the insert. */
    void failing(Consumer<Block> newFault) {
        fault = newFault;
    }

    synchronized List<StoredEvent> events() {
        return List.copyOf(events);
    }

    synchronized List<StoredDeadLetter> letters() {
        return List.copyOf(letters);
    }

    synchronized List<Block> blocks() {
        return List.copyOf(blocks);
    }

    @Override
    public Block encodeEvents(String token, List<StoredEvent> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (StoredEvent row : rows) {
                write(codec.encode(row.event()), out);
                out.writeInt(row.address().partition());
                out.writeLong(row.address().offset());
                out.writeLong(row.person());
                write(AttributesForm.encode(row.userTraits()), out);
            }
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "encode", failure);
        }
        return new Block(token, Table.EVENTS, rows.size(), bytes.toByteArray());
    }

    @Override
    public Block encodeDeadLetters(String token, List<StoredDeadLetter> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (StoredDeadLetter row : rows) {
                write(codec.encode(row.deadLetter()), out);
                out.writeInt(row.address().partition());
                out.writeLong(row.address().offset());
            }
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "encode", failure);
        }
        return new Block(token, Table.DEAD_LETTERS, rows.size(), bytes.toByteArray());
    }

    @Override
    public Block encodeCohortMembers(String token, TenantId tenant, String list, List<Long> persons) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store keeps no cohorts");
    }

    @Override
    public void addCohortMembers(TenantId tenant, String list, Select persons, long atMost) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store keeps no cohorts");
    }

    @Override
    public void removeCohortMembers(TenantId tenant, String list) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store keeps no cohorts");
    }

    @Override
    public void insert(Block block) {
        fault.accept(block);
        synchronized (this) {
            byte[] before = payloads.putIfAbsent(block.token(), block.payload());
            if (before != null) {
                if (!Arrays.equals(before, block.payload())) {
                    throw new AssertionError("token " + block.token() + " came with other bytes");
                }
                return;
            }
            blocks.add(block);
            decode(block);
        }
    }

    @Override
    public Rows query(TenantId tenant, Select select) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store answers no SQL");
    }

    @Override
    public void stream(TenantId tenant, Select select, RowSink sink) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store answers no SQL");
    }

    @Override
    public void parquet(TenantId tenant, Select select, OutputStream target) {
        throw new TidemarkException(ErrorCode.INTERNAL, "this store answers no SQL");
    }

    @Override
    public synchronized Set<EventId> stored(
            TenantId tenant, long minTimestampMillis, long maxTimestampMillis, Collection<EventId> candidates) {
        Set<EventId> found = new HashSet<>();
        for (StoredEvent row : events) {
            Event event = row.event();
            if (event.tenant().equals(tenant)
                    && event.timestampMillis() >= minTimestampMillis
                    && event.timestampMillis() <= maxTimestampMillis
                    && candidates.contains(event.id())) {
                found.add(event.id());
            }
        }
        return found;
    }

    @Override
    public synchronized Set<EventId> storedDeadLetters(TenantId tenant, Collection<EventId> candidates) {
        Set<EventId> found = new HashSet<>();
        for (StoredDeadLetter row : letters) {
            if (row.deadLetter().tenant().equals(tenant)
                    && candidates.contains(row.deadLetter().id())) {
                found.add(row.deadLetter().id());
            }
        }
        return found;
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public void close() {}

    private void decode(Block block) {
        Set<Object> months = new HashSet<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block.payload()))) {
            for (int row = 0; row < block.rows(); row++) {
                switch (codec.decode(read(in))) {
                    case Event event -> {
                        events.add(new StoredEvent(
                                event,
                                new JournalAddress(in.readInt(), in.readLong()),
                                in.readLong(),
                                AttributesForm.decode(read(in))));
                        months.add(Duplicates.month(event.timestampMillis()));
                    }
                    case DeadLetter letter ->
                        letters.add(new StoredDeadLetter(letter, new JournalAddress(in.readInt(), in.readLong())));
                }
            }
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "decode", failure);
        }
        if (months.size() > 1) {
            throw new AssertionError("block " + block.token() + " spans months");
        }
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
