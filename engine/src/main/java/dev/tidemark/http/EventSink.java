package dev.tidemark.http;

/** The reader's end of one open stream. Never blocks; thread-safe. */
public interface EventSink {

    /**
     * Sends an event behind those sent before. Tells whether it was taken: not by a reader who is gone, and not by one who has
     * not read what was sent before, whom {@link #onReady} tells of.
     */
    boolean send(StreamEvent event);

    /** Sends a last event, however slow the reader is, and closes. */
    void end(StreamEvent last);

    /** What to do when the reader is gone or the stream has ended, once; at once where that has happened. */
    void onClose(Runnable action);

    /** What to do each time when a reader who refused an event can take more. */
    void onReady(Runnable action);

    /** What to do with a message that the reader sends. Readers of server-sent events send none. */
    void onMessage(MessageHandler action);

    /** Takes what a reader sends; its failure is reported to the reader and ends the stream. */
    @FunctionalInterface
    interface MessageHandler {
        void handle(String text);
    }
}
