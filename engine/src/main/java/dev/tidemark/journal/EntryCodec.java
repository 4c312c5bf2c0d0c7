package dev.tidemark.journal;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries as the bytes that the journal carries: Avro binary of the schema {@code entry.avsc}, a union of Event and
 * DeadLetter, field by field in the schema's order. Thread-safe.
 */
public final class EntryCodec {
    static final int EVENT = 0;
    static final int DEAD_LETTER = 1;
    private static final int TYPICAL_BYTES = 768;
    private static final int FEW_PLACES = 16;

    public byte[] encode(JournalEntry entry) {
        AvroOutput out = new AvroOutput(TYPICAL_BYTES);
        switch (entry) {
            case Event event -> write(event, out);
            case DeadLetter deadLetter -> write(deadLetter, out);
        }
        return out.toBytes();
    }

    /** One entry by itself; {@link EntryReader} is for many. Fails with {@code INTERNAL} for bytes that {@link #encode} did not make. */
    public JournalEntry decode(byte[] bytes) {
        return new EntryReader(FEW_PLACES).read(bytes);
    }

    private static void write(Event event, AvroOutput out) {
        out.writeLong(EVENT);
        out.writeText(event.tenant().value());
        out.writeText(event.id().value());
        out.writeBoolean(event.idAssigned());
        out.writeText(event.type());
        out.writeLong(event.timestampMillis());
        out.writeLong(event.receivedAtMillis());
        writeNullable(event.userId(), out);
        writeNullable(event.anonymousId(), out);
        writeNullable(event.sessionId(), out);
        writeContext(event.context(), out);
        writeAttributes(event.properties(), out);
        writeAttributes(event.traits(), out);
        out.writeBoolean(event.setsTraits());
        out.writeLong(event.expiresOnEpochDay());
    }

    private static void write(DeadLetter deadLetter, AvroOutput out) {
        out.writeLong(DEAD_LETTER);
        out.writeText(deadLetter.tenant().value());
        out.writeText(deadLetter.id().value());
        out.writeBoolean(deadLetter.idAssigned());
        out.writeLong(deadLetter.receivedAtMillis());
        out.writeText(deadLetter.reason());
        writeNullable(deadLetter.field(), out);
        out.writeText(deadLetter.message());
        writeNullable(deadLetter.eventType(), out);
        out.writeText(deadLetter.payload());
        out.writeText(deadLetter.source());
        out.writeLong(deadLetter.line());
        out.writeLong(deadLetter.expiresOnEpochDay());
        writeNullable(deadLetter.keyId(), out);
    }

    private static void writeNullable(@Nullable String value, AvroOutput out) {
        if (value == null) {
            out.writeLong(0);
        } else {
            out.writeLong(1);
            out.writeText(value);
        }
    }

    private static void writeContext(Map<ContextField, String> context, AvroOutput out) {
        if (!context.isEmpty()) {
            out.writeLong(context.size());
            context.forEach((field, value) -> {
                out.writeText(field.column());
                out.writeText(value);
            });
        }
        out.writeLong(0);
    }

    private static void writeAttributes(Attributes attributes, AvroOutput out) {
        writeMap(attributes.strings(), out, AvroOutput::writeText);
        writeMap(attributes.numbers(), out, AvroOutput::writeDouble);
        writeMap(attributes.booleans(), out, AvroOutput::writeBoolean);
    }

    private static <T> void writeMap(Map<String, T> map, AvroOutput out, BiConsumer<AvroOutput, T> value) {
        if (!map.isEmpty()) {
            out.writeLong(map.size());
            map.forEach((name, item) -> {
                out.writeText(name);
                value.accept(out, item);
            });
        }
        out.writeLong(0);
    }
}
