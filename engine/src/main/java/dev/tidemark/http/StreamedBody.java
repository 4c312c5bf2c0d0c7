package dev.tidemark.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Makes the body of a reply while it is sent. */
@FunctionalInterface
public interface StreamedBody {
    /**
     * Writes the body to a target, which blocks while the reader is slow and fails when the reader is gone or stands still; the thread is
     * interrupted when the reader leaves meanwhile. Leaves the target open.
     *
     * @return trailers, sent after the last byte
     */
    Map<String, String> writeTo(OutputStream target) throws IOException;
}
