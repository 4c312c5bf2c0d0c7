package dev.tidemark.journal;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.JournalEntry;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a journal one after another. Texts that repeat are the same strings from entry to entry, so a reader
 * that is kept is much cheaper than {@link EntryCodec#decode}. Context fields that are not known are skipped. Not
 * thread-safe.
 */
public final class EntryReader {
    private static final int PLACES = 8_192;
    private static final int MOST_TENANTS = 10_000;
    private static final Map<String, ContextField> FIELDS =
            Stream.of(ContextField.values()).collect(Collectors.toMap(ContextField::column, Function.identity()));

    private final AvroInput in;
    private final Map<String, TenantId> tenants = new HashMap<>();

    public EntryReader() {
        this(PLACES);
    }

    EntryReader(int places) {
        in = new AvroInput(new TextCache(places));
    }

    /** Fails with {@code INTERNAL} for bytes that {@link EntryCodec#encode} did not make. */
    public JournalEntry read(byte[] bytes) {
        in.reset(bytes);
        try {
            return switch (in.readInt()) {
                case EntryCodec.EVENT -> readEvent();
                case EntryCodec.DEAD_LETTER -> readDeadLetter();
                default -> throw new IOException("unknown kind of entry");
            };
        } catch (IOException | RuntimeException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a journal entry could not be decoded", failure);
        }
    }

    private Event readEvent() throws IOException {
        return new Event(
                readTenant(),
                new EventId(in.readText()),
                in.readBoolean(),
                in.readRepeatedText(),
                in.readLong(),
                in.readLong(),
                readNullable(),
                readNullable(),
                readNullable(),
                readContext(),
                readAttributes(),
                readAttributes(),
                in.readBoolean(),
                in.readInt());
    }

    /** Entries of earlier versions end before the key. */
    private DeadLetter readDeadLetter() throws IOException {
        return new DeadLetter(
                readTenant(),
                new EventId(in.readText()),
                in.readBoolean(),
                in.readLong(),
                in.readText(),
                readNullable(),
                in.readText(),
                readNullable(),
                in.readText(),
                in.readText(),
                in.readLong(),
                in.readInt(),
                in.isAtEnd() ? null : readNullable());
    }

    private TenantId readTenant() throws IOException {
        String value = in.readRepeatedText();
        TenantId known = tenants.get(value);
        if (known != null) {
            return known;
        }
        if (tenants.size() >= MOST_TENANTS) {
            tenants.clear();
        }
        TenantId tenant = new TenantId(value);
        tenants.put(value, tenant);
        return tenant;
    }

    private @Nullable String readNullable() throws IOException {
        return in.readInt() == 0 ? null : in.readText();
    }

    private Map<ContextField, String> readContext() throws IOException {
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        for (long count = in.readBlock(); count > 0; count = in.readBlock()) {
            for (long item = 0; item < count; item++) {
                ContextField field = FIELDS.get(in.readRepeatedText());
                String value = in.readRepeatedText();
                if (field != null) {
                    context.put(field, value);
                }
            }
        }
        return context;
    }

    private Attributes readAttributes() throws IOException {
        Map<String, String> strings = readMap(AvroInput::readRepeatedText);
        Map<String, Double> numbers = readMap(AvroInput::readDouble);
        Map<String, Boolean> booleans = readMap(AvroInput::readBoolean);
        return strings.isEmpty() && numbers.isEmpty() && booleans.isEmpty()
                ? Attributes.NONE
                : new Attributes(strings, numbers, booleans);
    }

    private <T> Map<String, T> readMap(ValueReader<T> values) throws IOException {
        long count = in.readBlock();
        if (count == 0) {
            return Map.of();
        }
        Map<String, T> map = new HashMap<>();
        for (; count > 0; count = in.readBlock()) {
            for (long item = 0; item < count; item++) {
                map.put(in.readRepeatedText(), values.read(in));
            }
        }
        return map;
    }

    private interface ValueReader<T> {
        T read(AvroInput in) throws IOException;
    }
}
