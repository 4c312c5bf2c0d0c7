package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.LongPredicate;

/** Reads request bodies up to a limit, without ever holding more than the limit. */
public final class Bodies {
    private Bodies() {}

    /**
     * The whole body as sent. Fails with {@code BODY_TOO_LARGE} as soon as the limit is passed; the rest is discarded. Call on
     * the request's event loop, before anything else asynchronous.
     */
    public static Future<byte[]> read(HttpServerRequest request, int maxBytes) {
        return read(request, maxBytes, _ -> true);
    }

    /**
     * Also asks for room before it keeps each part that arrives, by its number of bytes; fails with {@code OVERLOADED} when
     * there is none.
     */
    public static Future<byte[]> read(HttpServerRequest request, int maxBytes, LongPredicate room) {
        Promise<byte[]> promise = Promise.promise();
        long announced = announced(request);
        if (announced > maxBytes) {
            promise.fail(tooLarge(maxBytes));
            return promise.future();
        }
        Accumulator accumulator = new Accumulator(maxBytes, (int) Math.max(0, announced), room, promise);
        request.exceptionHandler(failure -> promise.tryFail(
                new TidemarkException(ErrorCode.MALFORMED_BODY, "the request ended before its body did", failure)));
        request.handler(accumulator::add);
        request.endHandler(_ -> accumulator.end());
        return promise.future();
    }

    /** Lets a body go by without keeping any of it, so that its connection can be used again. Completes at its end; fails like {@link #read}. */
    public static Future<Void> discard(HttpServerRequest request) {
        Promise<Void> promise = Promise.promise();
        request.exceptionHandler(failure -> promise.tryFail(
                new TidemarkException(ErrorCode.MALFORMED_BODY, "the request ended before its body did", failure)));
        request.handler(_ -> {});
        request.endHandler(_ -> promise.tryComplete());
        return promise.future();
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static TidemarkException tooLarge(int maxBytes) {
        return new TidemarkException(ErrorCode.BODY_TOO_LARGE, "the body is larger than " + maxBytes + " bytes");
    }

    private static final class Accumulator {
        private final int maxBytes;
        private final LongPredicate room;
        private final Promise<byte[]> promise;
        private final int announced;
        private byte[] bytes = {};
        private int length;
        private boolean over;

        Accumulator(int maxBytes, int announced, LongPredicate room, Promise<byte[]> promise) {
            this.maxBytes = maxBytes;
            this.announced = announced;
            this.room = room;
            this.promise = promise;
        }

        void add(Buffer chunk) {
            if (over) {
                return;
            }
            if (length + chunk.length() > maxBytes) {
                refuse(tooLarge(maxBytes));
            } else if (!room.test(chunk.length())) {
                refuse(new TidemarkException(ErrorCode.OVERLOADED, "too many bytes of requests are being read"));
            } else {
                reserve(length + chunk.length());
                chunk.getBytes(0, chunk.length(), bytes, length);
                length += chunk.length();
            }
        }

        /** As large as announced, but at most twice what has come: an announcement alone costs nothing. */
        private void reserve(int needed) {
            if (needed > bytes.length) {
                int wanted = announced == 0 ? 2 * needed : Math.min(announced, 2 * needed);
                bytes = Arrays.copyOf(bytes, length == 0 ? needed : Math.max(needed, wanted));
            }
        }

        private void refuse(TidemarkException reason) {
            over = true;
            bytes = new byte[0];
            promise.tryFail(reason);
        }

        void end() {
            promise.tryComplete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
    }
}
