package dev.tidemark.journal;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.JournalEntry;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes the entries of a request one after another, each into bytes of its own, by way of one buffer. Not thread-safe. */
public final class EntryWriter {
    private static final int TYPICAL_BYTES = 768;

    private final AvroOutput out = new AvroOutput(TYPICAL_BYTES);

    public byte[] write(JournalEntry entry) {
        out.clear();
        switch (entry) {
            case Event event -> write(event, out);
            case DeadLetter deadLetter -> write(deadLetter, out);
        }
        return out.toBytes();
    }

    private static void write(Event event, AvroOutput out) {
        out.writeLong(EntryCodec.EVENT);
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
        out.writeLong(EntryCodec.DEAD_LETTER);
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
