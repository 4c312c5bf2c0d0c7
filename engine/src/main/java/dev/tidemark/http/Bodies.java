package dev.tidemark.http;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.LongPredicate;

/** Reads request bodies up to a limit, without ever holding more than the limit. */
public final class Bodies {
    private Bodies() {}

    /**
     * The whole body as sent. Fails with {@code BODY_TOO_LARGE} as soon as the limit is passed; the rest is discarded. Call on
     * the request's event loop, before anything else asynchronous.
     */
    public static Future<Buffer> read(HttpServerRequest request, int maxBytes) {
        return read(request, maxBytes, _ -> true);
    }

    /**
     * Also asks for room before it keeps each part that arrives, by its number of bytes; fails with {@code OVERLOADED} when
     * there is none.
     */
    public static Future<Buffer> read(HttpServerRequest request, int maxBytes, LongPredicate room) {
        Promise<Buffer> promise = Promise.promise();
        if (announced(request) > maxBytes) {
            promise.fail(tooLarge(maxBytes));
            return promise.future();
        }
        Accumulator accumulator = new Accumulator(maxBytes, room, promise);
        request.exceptionHandler(failure -> promise.tryFail(
                new TidemarkException(ErrorCode.MALFORMED_BODY, "the request ended before its body did", failure)));
        request.handler(accumulator::add);
        request.endHandler(_ -> accumulator.end());
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
        private final Promise<Buffer> promise;
        private Buffer body = Buffer.buffer();
        private boolean over;

        Accumulator(int maxBytes, LongPredicate room, Promise<Buffer> promise) {
            this.maxBytes = maxBytes;
            this.room = room;
            this.promise = promise;
        }

        void add(Buffer chunk) {
            if (over) {
                return;
            }
            if (body.length() + chunk.length() > maxBytes) {
                over = true;
                body = Buffer.buffer();
                promise.tryFail(tooLarge(maxBytes));
                return;
            }
            if (!room.test(chunk.length())) {
                over = true;
                body = Buffer.buffer();
                promise.tryFail(
                        new TidemarkException(ErrorCode.OVERLOADED, "too many bytes of requests are being read"));
                return;
            }
            body.appendBuffer(chunk);
        }

        void end() {
            promise.tryComplete(body);
        }
    }
}
