package dev.tidemark.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Composes POST requests, head and body, of a fixed number of fresh events each, by copying and patching templates. Every
 * event has an id of its own. Not thread-safe: one for each load loop.
 */
final class BatchComposer {
    private static final byte[] OPEN = ascii("{\"batch\":[");
    private static final byte[] SENT_AT = ascii("],\"sent_at\":\"");
    private static final byte[] CLOSE = ascii("\"}");
    private static final int LENGTH_DIGITS = 9;
    private static final int MAX_AGE_MILLIS = 1000;
    private static final long SESSION_MILLIS = 1_800_000L;

    private final EventTemplate[] templates;
    private final ZipfSampler actors;
    private final RandomGenerator random;
    private final int batch;
    private final int largest;
    private final @Nullable AccountShare accounts;
    private final AsciiPatch.Day day = new AsciiPatch.Day();

    BatchComposer(List<EventTemplate> templates, ZipfSampler actors, RandomGenerator random, int batch) {
        this(templates, actors, random, batch, null);
    }

    /**
     * With the events of some accounts, each by one of its own actors.
     *
     * @param actors ranks within an account; of all where there are no accounts
     */
    BatchComposer(
            List<EventTemplate> templates,
            ZipfSampler actors,
            RandomGenerator random,
            int batch,
            @Nullable AccountShare accounts) {
        this.accounts = accounts;
        this.templates = templates.toArray(EventTemplate[]::new);
        this.actors = actors;
        this.random = random;
        this.batch = batch;
        this.largest = templates.stream().mapToInt(t -> t.bytes().length).max().orElseThrow();
    }

    int batch() {
        return batch;
    }

    /** The head of every request to a server; its last bytes are room for the body's length. */
    static byte[] head(String host, int port, String key) {
        return ascii("POST /api/v1/events HTTP/1.1\r\nHost: " + host + ":" + port
                + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + key + "\r\nContent-Length: "
                + " ".repeat(LENGTH_DIGITS) + "\r\n\r\n");
    }

    /** Bytes that are enough for any request. */
    int capacity(byte[] head) {
        return head.length
                + OPEN.length
                + batch * (largest + 1)
                + SENT_AT.length
                + AsciiPatch.TIME_WIDTH
                + CLOSE.length;
    }

    /** Writes a request into the buffer, which must have {@link #capacity} bytes. Returns its length. */
    int compose(byte[] head, byte[] buffer, long nowMillis) {
        if (accounts != null) {
            accounts.begin();
        }
        int at = append(head, buffer, 0);
        at = append(OPEN, buffer, at);
        for (int i = 0; i < batch; i++) {
            if (i > 0) {
                buffer[at++] = ',';
            }
            at = event(buffer, at, nowMillis);
        }
        at = append(SENT_AT, buffer, at);
        AsciiPatch.time(buffer, at, nowMillis, day);
        at = append(CLOSE, buffer, at + AsciiPatch.TIME_WIDTH);
        length(buffer, head.length - 4, at - head.length);
        return at;
    }

    /** Notes that the request composed last has been acknowledged. */
    void acknowledged(long nanos) {
        if (accounts != null) {
            accounts.acknowledged(nanos);
        }
    }

    private int event(byte[] buffer, int at, long nowMillis) {
        EventTemplate template = templates[random.nextInt(templates.length)];
        System.arraycopy(template.bytes(), 0, buffer, at, template.bytes().length);
        AsciiPatch.uuid(buffer, at + template.id(), random);
        AsciiPatch.time(buffer, at + template.time(), nowMillis - random.nextInt(MAX_AGE_MILLIS), day);
        int actor = actors.next(random);
        if (accounts != null) {
            int account = accounts.draw(random);
            AsciiPatch.decimal(buffer, at + template.account(), account, EventTemplate.ACCOUNT_DIGITS);
            actor = AccountShare.person(account, actor);
        }
        AsciiPatch.decimal(buffer, at + template.actor(), actor, EventTemplate.ACTOR_DIGITS);
        AsciiPatch.hex(buffer, at + template.session(), session(actor, nowMillis), 60, EventTemplate.SESSION_DIGITS);
        int[] digits = template.digits();
        long value = random.nextLong() >>> 1;
        for (int i = 0; i < digits.length; i += 2) {
            AsciiPatch.decimal(buffer, at + digits[i], value, digits[i + 1]);
            value = Long.rotateRight(value, 17) >>> 1;
        }
        return at + template.bytes().length;
    }

    /** An actor keeps a session for half an hour. */
    private static long session(int actor, long nowMillis) {
        long mixed = (actor * 0x9E37_79B9_7F4A_7C15L) ^ (nowMillis / SESSION_MILLIS);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        return mixed ^ (mixed >>> 27);
    }

    private static void length(byte[] buffer, int end, int length) {
        int rest = length;
        int at = end;
        do {
            buffer[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        while (at > end - LENGTH_DIGITS) {
            buffer[--at] = ' ';
        }
    }

    private static int append(byte[] bytes, byte[] buffer, int at) {
        System.arraycopy(bytes, 0, buffer, at, bytes.length);
        return at + bytes.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
