package dev.tidemark.collect;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Undoes the content encoding of request bodies, and stops at the limit whatever the rest would inflate to. */
final class Inflation {
    /** Larger windows than 8 MiB are refused: the window is memory that the sender chooses. */
    private static final int ZSTD_WINDOW_LOG = 23;

    private static final int FIRST_BYTES = 16 << 10;

    private Inflation() {}

    /** How a body is encoded. */
    enum Encoding {
        IDENTITY,
        GZIP,
        ZSTD,
        DEFLATE;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        String wireName() {
            return wireName;
        }

        /** Fails with {@code UNSUPPORTED_ENCODING} for what a {@code Content-Encoding} header should not say. */
        static Encoding of(@Nullable String header) {
            return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
                case "", "identity" -> IDENTITY;
                case "gzip", "x-gzip" -> GZIP;
                case "zstd" -> ZSTD;
                case "deflate" -> DEFLATE;
                default ->
                    throw new TidemarkException(
                            ErrorCode.UNSUPPORTED_ENCODING,
                            "the content encoding must be one of gzip, zstd, deflate, identity");
            };
        }
    }

    static byte[] inflate(byte[] body, Encoding encoding) {
        if (encoding == Encoding.IDENTITY) {
            return body;
        }
        try (InputStream in = stream(body, encoding)) {
            return upToLimit(in, body.length);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.MALFORMED_BODY, "the body is not valid " + encoding.wireName() + " data", e);
        }
    }

    private static InputStream stream(byte[] body, Encoding encoding) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        return switch (encoding) {
            case IDENTITY -> in;
            case GZIP -> new GZIPInputStream(in, 4096);
            case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG);
            case DEFLATE -> hasZlibHeader(body) ? new InflaterInputStream(in) : new RawDeflate(in);
        };
    }

    /** Some clients send deflate without the zlib header that the standard asks for. */
    private static boolean hasZlibHeader(byte[] body) {
        return body.length >= 2 && (body[0] & 0x0F) == 8 && ((body[0] & 0xFF) << 8 | (body[1] & 0xFF)) % 31 == 0;
    }

    private static byte[] upToLimit(InputStream in, int compressedBytes) throws IOException {
        byte[] out = new byte[Math.clamp(compressedBytes * 4L, FIRST_BYTES, Limits.REQUEST_BYTES)];
        int length = 0;
        while (true) {
            if (length == out.length) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                if (length == Limits.REQUEST_BYTES) {
                    throw new TidemarkException(
                            ErrorCode.BODY_TOO_LARGE,
                            "the body is larger than " + Limits.REQUEST_BYTES + " bytes once decompressed");
                }
                out = Arrays.copyOf(out, (int) Math.min(out.length * 2L, Limits.REQUEST_BYTES));
                out[length++] = (byte) next;
                continue;
            }
            int read = in.read(out, length, out.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    /** Deflate without header and checksum, whose inflater is freed on close. */
    private static final class RawDeflate extends InflaterInputStream {
        RawDeflate(InputStream in) {
            super(in, new Inflater(true));
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }
}
