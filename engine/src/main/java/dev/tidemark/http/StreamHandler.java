package dev.tidemark.http;

/** Opens a stream for an authenticated call, on a virtual thread. A failure before the first event becomes a plain reply. */
@FunctionalInterface
public interface StreamHandler {
    void open(Call call, EventSink sink);
}
