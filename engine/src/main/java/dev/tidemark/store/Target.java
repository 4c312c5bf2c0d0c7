package dev.tidemark.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes failures of a stream's target known as such, among those of the engine that it is read from. */
final class Target {
    private Target() {}

    static RowSink of(RowSink sink) {
        return new RowSink() {
            @Override
            public void columns(List<String> names) {
                guarded(() -> sink.columns(names));
            }

            @Override
            public void row(List<@Nullable Object> values) {
                guarded(() -> sink.row(values));
            }
        };
    }

    static OutputStream of(OutputStream target) {
        return new OutputStream() {
            @Override
            public void write(int value) {
                guarded(() -> target.write(value));
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                guarded(() -> target.write(bytes, from, count));
            }
        };
    }

    /** What the target failed with, if that is behind a failure. */
    static @Nullable IOException failure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failed failed) {
                return failed.reason;
            }
        }
        return null;
    }

    private static void guarded(Write write) {
        try {
            write.run();
        } catch (IOException reason) {
            throw new Failed(reason);
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final IOException reason;

        Failed(IOException reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
