package dev.tidemark.collect;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Makes request bodies: broken, hostile, odd, and now and then good. */
final class FuzzBodies {
    private static final byte[] ZEROES = new byte[32 << 20];
    private static final byte[] GZIP_BOMB = gzip(ZEROES);
    private static final byte[] ZSTD_BOMB = Zstd.compress(ZEROES);
    private static final byte[] DEFLATE_BOMB = deflate(ZEROES);
    private static final List<String> NAMES = List.of(
            "event_type",
            "event_id",
            "timestamp",
            "user_id",
            "anonymous_id",
            "session_id",
            "properties",
            "traits",
            "context",
            "sent_at",
            "write_key",
            "batch",
            "type",
            "event",
            "messageId",
            "userId",
            "sentAt",
            "name",
            "groupId",
            "page",
            "url",
            "campaign",
            "library",
            "dead_letters",
            "reason",
            "message",
            "payload",
            "source",
            "line",
            "ip",
            "user_agent",
            "");
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1e999",
            "-1e-999",
            "1E400",
            "9223372036854775808",
            "1.5",
            "\"\"",
            "\"a\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"9999-99-99\"",
            "\"track\"",
            "\"null\"",
            "\"http://[::1/%%%?utm_source=%zz&utm_medium=%00#\"",
            "\"::1\"",
            "\"wk_acme\"",
            "\"😀\"");

    private final Random random;
    private @Nullable String encoding;

    FuzzBodies(Random random) {
        this.random = random;
    }

    /** That the last body was made for. */
    @Nullable
    String encoding() {
        return encoding;
    }

    byte[] next() {
        encoding = null;
        byte[] plain = switch (random.nextInt(14)) {
            case 0 -> randomBytes(random.nextInt(2_000));
            case 1, 2, 3 -> mutated(utf8(good()));
            case 4, 5, 6 -> utf8(json(0));
            case 7 -> utf8("{\"event_type\":\"a\",\"properties\":" + deep(random.nextInt(3_000)) + "}");
            case 8 -> utf8("{\"event_type\":\"a\",\"properties\":{\"n\":" + "9".repeat(random.nextInt(30_000)) + "}}");
            case 9 -> good().getBytes(charset());
            case 10 -> lines();
            case 11 -> utf8(good());
            case 12 -> Arrays.copyOf(utf8(good()), random.nextInt(200));
            default -> random.nextInt(60) == 0 ? huge() : new byte[0];
        };
        return random.nextInt(8) == 0 ? encoded(plain) : plain;
    }

    private byte[] encoded(byte[] plain) {
        boolean bomb = random.nextInt(60) == 0;
        int which = random.nextInt(3);
        encoding = List.of("gzip", "zstd", "deflate").get(which);
        byte[] bytes = switch (which) {
            case 0 -> bomb ? GZIP_BOMB : gzip(plain);
            case 1 -> bomb ? ZSTD_BOMB : Zstd.compress(plain);
            default -> bomb ? DEFLATE_BOMB : deflate(plain);
        };
        return !bomb && random.nextInt(2) == 0 ? mutated(bytes) : bytes;
    }

    private String good() {
        return random.nextBoolean()
                ? "{\"event_type\":\"fuzz\",\"event_id\":\"f" + random.nextInt()
                        + "\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"user_id\":\"u\",\"properties\":{\"a\":1,\"b\":[1,{\"c\":2}],\"d\":{\"e\":\"x\"}},"
                        + "\"context\":{\"page\":{\"url\":\"https://a.example/b?utm_source=c\"}}}"
                : "{\"batch\":[{\"type\":\"track\",\"event\":\"x\",\"event_type\":\"x\",\"messageId\":\"m\",\"properties\":{\"q\":1}},"
                        + "{\"type\":\"page\",\"event_type\":\"y\",\"name\":\"n\"}],\"sentAt\":\"2026-01-01T00:00:00Z\",\"writeKey\":\"wk_acme\"}";
    }

    private byte[] mutated(byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = 1 + random.nextInt(6); i > 0 && out.length > 0; i--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(4)) {
                case 0 -> out[at] = (byte) random.nextInt(256);
                case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> out = Arrays.copyOf(out, at);
                default -> {
                    byte[] longer = Arrays.copyOf(out, out.length + 1);
                    System.arraycopy(out, at, longer, at + 1, out.length - at);
                    longer[at] = (byte) "{}[]\",:\\0\n".charAt(random.nextInt(10));
                    out = longer;
                }
            }
        }
        return out;
    }

    private String json(int depth) {
        int kind = random.nextInt(depth > 6 ? 3 : 8);
        if (kind < 3) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        boolean object = kind < 7;
        StringBuilder out = new StringBuilder(object ? "{" : "[");
        for (int i = random.nextInt(6); i > 0; i--) {
            if (object) {
                out.append('"').append(NAMES.get(random.nextInt(NAMES.size()))).append("\":");
            }
            out.append(json(depth + 1)).append(i == 1 ? "" : ",");
        }
        return out.append(object ? "}" : "]").toString();
    }

    private String deep(int depth) {
        return random.nextBoolean() ? "{\"a\":".repeat(depth) + "1" + "}".repeat(depth) : "[".repeat(depth);
    }

    private byte[] lines() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = random.nextInt(20); i >= 0; i--) {
            out.writeBytes(
                    random.nextInt(3) == 0 ? mutated(utf8(good())) : utf8(random.nextBoolean() ? good() : json(2)));
            out.write('\n');
        }
        return out.toByteArray();
    }

    private byte[] huge() {
        byte[] bytes = new byte[Limits.REQUEST_BYTES + random.nextInt(3) - 1 + random.nextInt(2) * 1_000_000];
        Arrays.fill(bytes, (byte) (random.nextBoolean() ? ' ' : '['));
        return bytes;
    }

    private Charset charset() {
        return List.of(
                        StandardCharsets.UTF_16,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_32,
                        StandardCharsets.ISO_8859_1)
                .get(random.nextInt(4));
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] deflate(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
