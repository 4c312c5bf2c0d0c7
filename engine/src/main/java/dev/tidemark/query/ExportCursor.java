package dev.tidemark.query;

import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Which set of events an export is of, and up to which of them it came. The set is cut at a journal offset, so that events that
 * arrive meanwhile, be they late, are not in it.
 *
 * @param asOf the highest journal offset of the set
 * @param selection a number of what else chooses the events, the same for the same choice
 * @param last the last event that was exported; null before the first
 */
record ExportCursor(
        long asOf, TimeRange range, int selection, @Nullable Place last) {
    private static final int VERSION = 1;

    /** Where an event stands in the order of exports: by UTC day, event type, time, and address. */
    record Place(long millis, String eventType, int partition, long offset) {}

    ExportCursor after(Place place) {
        return new ExportCursor(asOf, range, selection, place);
    }

    String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(asOf);
            out.writeLong(range.startMillis());
            out.writeLong(range.endMillis());
            out.writeInt(selection);
            if (last != null) {
                out.writeLong(last.millis);
                out.writeShort(last.partition);
                out.writeLong(last.offset);
                out.writeUTF(last.eventType);
            }
        } catch (IOException e) {
            throw Fields.invalid("cursor", "cannot be made for an event type of this length");
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Fails with {@code INVALID_FIELD} when the text is no cursor, or of an export with another choice of events. */
    static ExportCursor parse(String text, int selection) {
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(Base64.getUrlDecoder().decode(text)))) {
            if (in.readByte() != VERSION) {
                throw invalid();
            }
            long asOf = in.readLong();
            TimeRange range = TimeRange.ofMillis(in.readLong(), in.readLong());
            if (!range.isStorable()) {
                throw invalid();
            }
            if (in.readInt() != selection) {
                throw Fields.invalid("cursor", "is of an export with another event_type or filter");
            }
            Place last = null;
            if (in.available() > 0) {
                long millis = in.readLong();
                int partition = in.readUnsignedShort();
                long offset = in.readLong();
                last = new Place(millis, in.readUTF(), partition, offset);
            }
            return new ExportCursor(asOf, range, selection, last);
        } catch (IOException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static TidemarkException invalid() {
        return Fields.invalid("cursor", "is not a cursor that an export gave");
    }
}
