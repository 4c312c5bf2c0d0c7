package dev.tidemark.process;

import dev.tidemark.base.Attributes;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Traits as bytes: for strings, numbers and booleans a count, then names and values, as Avro writes them. */
final class AttributesForm {
    private AttributesForm() {}

    static byte[] encode(Attributes attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            out.writeInt(attributes.strings().size());
            for (Map.Entry<String, String> item : attributes.strings().entrySet()) {
                out.writeString(item.getKey());
                out.writeString(item.getValue());
            }
            out.writeInt(attributes.numbers().size());
            for (Map.Entry<String, Double> item : attributes.numbers().entrySet()) {
                out.writeString(item.getKey());
                out.writeDouble(item.getValue());
            }
            out.writeInt(attributes.booleans().size());
            for (Map.Entry<String, Boolean> item : attributes.booleans().entrySet()) {
                out.writeString(item.getKey());
                out.writeBoolean(item.getValue());
            }
            out.flush();
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.INTERNAL, "traits could not be encoded", failure);
        }
        return bytes.toByteArray();
    }

    static Attributes decode(byte[] bytes) {
        BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
        try {
            Map<String, String> strings = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                strings.put(in.readString(), in.readString());
            }
            Map<String, Double> numbers = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                numbers.put(in.readString(), in.readDouble());
            }
            Map<String, Boolean> booleans = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                booleans.put(in.readString(), in.readBoolean());
            }
            return new Attributes(strings, numbers, booleans);
        } catch (IOException failure) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "traits could not be read", failure);
        }
    }
}
