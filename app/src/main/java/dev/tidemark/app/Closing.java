package dev.tidemark.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, closed in reverse order, once, each part whatever happened to the others. Thread-safe. */
final class Closing implements AutoCloseable {
    private final Deque<Part> parts = new ArrayDeque<>();

    /** Something with a name for the log. */
    private record Part(String name, AutoCloseable closeable) {}

    synchronized <T extends AutoCloseable> T add(String name, T closeable) {
        parts.push(new Part(name, closeable));
        return closeable;
    }

    @Override
    public synchronized void close() {
        Logger log = LoggerFactory.getLogger(Closing.class);
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closeable().close();
                log.atInfo().addKeyValue("part", part.name()).log("closed");
            } catch (Exception e) {
                log.atError().addKeyValue("part", part.name()).setCause(e).log("could not be closed");
            }
        }
    }
}
