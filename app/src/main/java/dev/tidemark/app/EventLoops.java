package dev.tidemark.app;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The threads that read requests and write answers. */
final class EventLoops implements AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final Vertx vertx;

    EventLoops(int threads) {
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(threads)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() throws InterruptedException {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the event loops did not end", e);
        }
    }
}
