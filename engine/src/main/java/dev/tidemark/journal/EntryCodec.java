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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Entries as the bytes that the journal carries: Avro binary of the schema {@code entry.avsc}, a union of Event and
 * DeadLetter, field by field in the schema's order. Context fields that are not known are skipped. Thread-safe.
 */
public final class EntryCodec {
    private static final int EVENT = 0;
    private static final int DEAD_LETTER = 1;
    private static final int TYPICAL_BYTES = 768;
    private static final Map<String, ContextField> FIELDS =
            Stream.of(ContextField.values()).collect(Collectors.toMap(ContextField::column, Function.identity()));

    public byte[] encode(JournalEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            switch (entry) {
                case Event event -> write(event, out);
                case DeadLetter deadLetter -> write(deadLetter, out);
            }
            out.flush();
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an entry could not be encoded", failure);
        }
        return bytes.toByteArray();
    }

    /** Fails with {@code INTERNAL} for bytes that {@link #encode} did not make. */
    public JournalEntry decode(byte[] bytes) {
        BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
        try {
            return switch (in.readIndex()) {
                case EVENT -> readEvent(in);
                case DEAD_LETTER -> readDeadLetter(in);
                default -> throw new IOException("unknown kind of entry");
            };
        } catch (IOException | RuntimeException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a journal entry could not be decoded", failure);
        }
    }

    private static void write(Event event, BinaryEncoder out) throws IOException {
        out.writeIndex(EVENT);
        out.writeString(event.tenant().value());
        out.writeString(event.id().value());
        out.writeBoolean(event.idAssigned());
        out.writeString(event.type());
        out.writeLong(event.timestampMillis());
        out.writeLong(event.receivedAtMillis());
        writeNullable(event.userId(), out);
        writeNullable(event.anonymousId(), out);
        writeNullable(event.sessionId(), out);
        out.writeMapStart();
        out.setItemCount(event.context().size());
        for (Map.Entry<ContextField, String> field : event.context().entrySet()) {
            out.startItem();
            out.writeString(field.getKey().column());
            out.writeString(field.getValue());
        }
        out.writeMapEnd();
        writeAttributes(event.properties(), out);
        writeAttributes(event.traits(), out);
        out.writeBoolean(event.setsTraits());
        out.writeInt(event.expiresOnEpochDay());
    }

    private static Event readEvent(BinaryDecoder in) throws IOException {
        return new Event(
                new TenantId(in.readString()),
                new EventId(in.readString()),
                in.readBoolean(),
                in.readString(),
                in.readLong(),
                in.readLong(),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readContext(in),
                readAttributes(in),
                readAttributes(in),
                in.readBoolean(),
                in.readInt());
    }

    private static void write(DeadLetter deadLetter, BinaryEncoder out) throws IOException {
        out.writeIndex(DEAD_LETTER);
        out.writeString(deadLetter.tenant().value());
        out.writeString(deadLetter.id().value());
        out.writeBoolean(deadLetter.idAssigned());
        out.writeLong(deadLetter.receivedAtMillis());
        out.writeString(deadLetter.reason());
        writeNullable(deadLetter.field(), out);
        out.writeString(deadLetter.message());
        writeNullable(deadLetter.eventType(), out);
        out.writeString(deadLetter.payload());
        out.writeString(deadLetter.source());
        out.writeLong(deadLetter.line());
        out.writeInt(deadLetter.expiresOnEpochDay());
    }

    private static DeadLetter readDeadLetter(BinaryDecoder in) throws IOException {
        return new DeadLetter(
                new TenantId(in.readString()),
                new EventId(in.readString()),
                in.readBoolean(),
                in.readLong(),
                in.readString(),
                readNullable(in),
                in.readString(),
                readNullable(in),
                in.readString(),
                in.readString(),
                in.readLong(),
                in.readInt());
    }

    private static void writeNullable(@Nullable String value, BinaryEncoder out) throws IOException {
        if (value == null) {
            out.writeIndex(0);
        } else {
            out.writeIndex(1);
            out.writeString(value);
        }
    }

    private static @Nullable String readNullable(BinaryDecoder in) throws IOException {
        return in.readIndex() == 0 ? null : in.readString();
    }

    private static Map<ContextField, String> readContext(BinaryDecoder in) throws IOException {
        Map<ContextField, String> context = new EnumMap<>(ContextField.class);
        for (long count = in.readMapStart(); count > 0; count = in.mapNext()) {
            for (long item = 0; item < count; item++) {
                ContextField field = FIELDS.get(in.readString());
                String value = in.readString();
                if (field != null) {
                    context.put(field, value);
                }
            }
        }
        return context;
    }

    private static void writeAttributes(Attributes attributes, BinaryEncoder out) throws IOException {
        out.writeMapStart();
        out.setItemCount(attributes.strings().size());
        for (Map.Entry<String, String> item : attributes.strings().entrySet()) {
            out.startItem();
            out.writeString(item.getKey());
            out.writeString(item.getValue());
        }
        out.writeMapEnd();
        out.writeMapStart();
        out.setItemCount(attributes.numbers().size());
        for (Map.Entry<String, Double> item : attributes.numbers().entrySet()) {
            out.startItem();
            out.writeString(item.getKey());
            out.writeDouble(item.getValue());
        }
        out.writeMapEnd();
        out.writeMapStart();
        out.setItemCount(attributes.booleans().size());
        for (Map.Entry<String, Boolean> item : attributes.booleans().entrySet()) {
            out.startItem();
            out.writeString(item.getKey());
            out.writeBoolean(item.getValue());
        }
        out.writeMapEnd();
    }

    private static Attributes readAttributes(BinaryDecoder in) throws IOException {
        Map<String, String> strings = readMap(in, BinaryDecoder::readString);
        Map<String, Double> numbers = readMap(in, BinaryDecoder::readDouble);
        Map<String, Boolean> booleans = readMap(in, BinaryDecoder::readBoolean);
        return strings.isEmpty() && numbers.isEmpty() && booleans.isEmpty()
                ? Attributes.NONE
                : new Attributes(strings, numbers, booleans);
    }

    private static <T> Map<String, T> readMap(BinaryDecoder in, ValueReader<T> values) throws IOException {
        long count = in.readMapStart();
        if (count == 0) {
            return Map.of();
        }
        Map<String, T> map = new HashMap<>();
        for (; count > 0; count = in.mapNext()) {
            for (long item = 0; item < count; item++) {
                map.put(in.readString(), values.read(in));
            }
        }
        return map;
    }

    private interface ValueReader<T> {
        T read(BinaryDecoder in) throws IOException;
    }
}
