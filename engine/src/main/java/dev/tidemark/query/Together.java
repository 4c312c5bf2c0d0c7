package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Parts of one answer that are found at the same time, each on a thread of its own: their statements spend most of their time being planned, on
 * one core each. Closing it gives up those that nobody has waited for. For one thread.
 */
final class Together implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Begins a part. */
    <T extends @Nullable Object> Part<T> begin(Supplier<T> part) {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return new Part<>(threads.submit(() -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            return part.get();
        }));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    /** A part that has begun. */
    static final class Part<T extends @Nullable Object> {
        private final Future<T> future;

        private Part(Future<T> future) {
            this.future = future;
        }

        /** Waits for it; fails as it does. */
        T found() {
            try {
                return future.get();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new TidemarkException(ErrorCode.INTERNAL, "a part of an answer failed", e);
            }
        }
    }
}
