package dev.tidemark.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when the server at the other end of the standard input is gone, however it went.
 *
 * <p>The first line is {@code URL AUTHORIZATION}: where the engine's HTTP interface will be, and the Authorization header of a user
 * who may kill queries. At the end of the stream the engine's own never-ending session is killed, which makes it end what it
 * does; after the grace time the process halts in any case. What the engine has acknowledged is on disk by then, and a full
 * orderly end takes seconds that a restart should not wait for.
 */
final class LifeLine extends Thread {
    private static final long GRACE_MILLIS = 500;
    private static final int HTTP_TIMEOUT_MILLIS = 1_000;

    private final InputStream input;
    private volatile boolean engineStarted;
    private volatile boolean ended;

    LifeLine(InputStream input) {
        super("life-line");
        this.input = input;
        setDaemon(true);
    }

    /** From now on the engine's session has to be killed before the process may end. */
    void engineStarts() {
        engineStarted = true;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void run() {
        String target = awaitEnd();
        ended = true;
        if (engineStarted && target != null) {
            Thread watchdog = new Thread(() -> killSession(target), "kill-session");
            watchdog.setDaemon(true);
            watchdog.start();
            try {
                TimeUnit.MILLISECONDS.sleep(GRACE_MILLIS);
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private @Nullable String awaitEnd() {
        String target = null;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            target = reader.readLine();
            while (reader.readLine() != null) {
                // further lines mean nothing; only the end does
            }
        } catch (IOException broken) {
            System.err.println("engine-host: the life line broke: " + broken.getMessage());
        }
        return target;
    }

    private static void killSession(String target) {
        String[] parts = target.split(" ", 2);
        if (parts.length != 2) {
            return;
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(parts[0]).toURL().openConnection();
            connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
            connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
            connection.setRequestProperty("Authorization", parts[1]);
            connection.setDoOutput(true);
            connection.getOutputStream().write("KILL QUERY WHERE user = '' ASYNC".getBytes(StandardCharsets.UTF_8));
            connection.getInputStream().readAllBytes();
        } catch (IOException | IllegalArgumentException gone) {
            System.err.println("engine-host: the engine did not take the end of its session: " + gone.getMessage());
        }
    }
}
