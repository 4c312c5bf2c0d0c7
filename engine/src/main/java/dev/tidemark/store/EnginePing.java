package dev.tidemark.store;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/** Asks an engine's {@code /ping}, which needs no login. */
final class EnginePing {
    private static final int OK = 200;

    private EnginePing() {}

    static boolean answers(URI engine, Duration atMost) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) engine.resolve("/ping").toURL().openConnection();
            int millis = Math.toIntExact(atMost.toMillis());
            connection.setConnectTimeout(millis);
            connection.setReadTimeout(millis);
            int status = connection.getResponseCode();
            connection.getInputStream().readAllBytes();
            return status == OK;
        } catch (IOException silent) {
            return false;
        }
    }
}
