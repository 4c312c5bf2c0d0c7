package dev.tidemark.collect;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Sends fuzzed requests one after another and reads each answer. */
final class FuzzSender implements Runnable {
    private static final int ANSWER_MILLIS = 20_000;

    private final int port;
    private final int requests;
    private final FuzzRequests fuzz;
    private final FuzzTally tally;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    FuzzSender(int port, long seed, int requests, FuzzTally tally) {
        this.port = port;
        this.requests = requests;
        this.fuzz = new FuzzRequests(new Random(seed));
        this.tally = tally;
    }

    @Override
    public void run() {
        for (int i = 0; i < requests; i++) {
            FuzzRequests.Request request = fuzz.next();
            try {
                exchange(request);
            } catch (SocketTimeoutException _) {
                tally.failed("no answer to " + request);
                disconnect();
            } catch (SocketException _) {
                tally.closed();
                disconnect();
            } catch (IOException e) {
                tally.failed(e + " for " + request);
                disconnect();
            }
        }
        disconnect();
    }

    private void exchange(FuzzRequests.Request request) throws IOException {
        Socket to = socket;
        InputStream from = in;
        if (to == null || from == null) {
            to = new Socket(InetAddress.getLoopbackAddress(), port);
            to.setSoTimeout(ANSWER_MILLIS);
            to.setTcpNoDelay(true);
            from = new BufferedInputStream(to.getInputStream());
            socket = to;
            in = from;
        }
        to.getOutputStream().write(request.bytes());
        if (request.breaksConnection()) {
            to.shutdownOutput();
        }
        boolean keep = readAnswer(from, request);
        if (request.breaksConnection() || !keep) {
            disconnect();
        }
    }

    /** Whether another request can follow. */
    private boolean readAnswer(InputStream from, FuzzRequests.Request request) throws IOException {
        String statusLine = line(from);
        if (statusLine == null) {
            tally.closed();
            if (!request.breaksConnection()) {
                tally.failed("closed without an answer: " + request);
            }
            return false;
        }
        int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
        if (status == 100) {
            line(from);
            return readAnswer(from, request);
        }
        int length = 0;
        boolean keep = true;
        for (String header = line(from); header != null && !header.isEmpty(); header = line(from)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            keep &= !lower.equals("connection: close");
        }
        byte[] body = from.readNBytes(length);
        if (status >= 500) {
            tally.failed(status + " " + new String(body, StandardCharsets.UTF_8) + " for " + request);
        } else {
            tally.answered(status);
        }
        return keep;
    }

    private static @Nullable String line(InputStream from) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private void disconnect() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            tally.failed("socket could not be closed: " + e);
        }
        socket = null;
        in = null;
    }
}
