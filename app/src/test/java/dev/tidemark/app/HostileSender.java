package dev.tidemark.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sends hostile requests one after another over raw sockets, and looks at each answer. For one thread. */
final class HostileSender implements Runnable {
    private static final int ANSWER_MILLIS = 30_000;
    private static final int MAX_BODY = 8 << 20;

    private final int port;
    private final int exchanges;
    private final HostileRequests requests;
    private final HostileTally tally;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    HostileSender(int port, int exchanges, HostileRequests requests, HostileTally tally) {
        this.port = port;
        this.exchanges = exchanges;
        this.requests = requests;
        this.tally = tally;
    }

    @Override
    public void run() {
        for (int index = 0; index < exchanges; index++) {
            HostileRequests.Exchange exchange = requests.next();
            boolean keep = false;
            try {
                keep = exchange(exchange) && !exchange.broken();
            } catch (SocketTimeoutException _) {
                tally.failed("no answer to " + exchange);
            } catch (SocketException | EOFException _) {
                if (!exchange.broken()) {
                    tally.closedEarly();
                }
            } catch (IOException e) {
                tally.failed(e + " for " + exchange);
            }
            tally.sent(exchange.methods().size());
            if (!keep) {
                disconnect();
            }
        }
        disconnect();
    }

    private boolean exchange(HostileRequests.Exchange exchange) throws IOException {
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
        to.getOutputStream().write(exchange.bytes());
        if (exchange.broken()) {
            to.shutdownOutput();
        }
        for (String method : exchange.methods()) {
            if (!answer(from, method, exchange)) {
                return false;
            }
        }
        return true;
    }

    /** Whether another answer can follow on the connection. */
    private boolean answer(InputStream from, String method, HostileRequests.Exchange exchange) throws IOException {
        String statusLine = line(from);
        if (statusLine == null) {
            if (!exchange.broken()) {
                tally.closedEarly();
            }
            return false;
        }
        if (!statusLine.startsWith("HTTP/")) {
            tally.failed("no HTTP but " + statusLine + " for " + exchange);
            return false;
        }
        int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
        if (status == 100) {
            line(from);
            return answer(from, method, exchange);
        }
        int length = 0;
        boolean keep = true;
        boolean chunked = false;
        boolean endless = status == 101;
        StringBuilder head = new StringBuilder(statusLine);
        for (String header = line(from); header != null && !header.isEmpty(); header = line(from)) {
            head.append('\n').append(header);
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            endless |= lower.startsWith("content-type:") && lower.contains("event-stream");
            keep &= !lower.equals("connection: close");
        }
        if (endless) {
            tally.answered(status, head.toString(), exchange);
            return false;
        }
        boolean without = method.equals("HEAD") || status == 204 || status == 304;
        byte[] body = without ? new byte[0] : chunked ? chunks(from) : from.readNBytes(Math.min(length, MAX_BODY));
        tally.answered(status, head + "\n\n" + new String(body, StandardCharsets.UTF_8), exchange);
        return keep;
    }

    private static byte[] chunks(InputStream from) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(from);
            if (size == null) {
                throw new EOFException("a chunk is missing");
            }
            int length = Integer.parseInt(size.strip(), 16);
            body.writeBytes(from.readNBytes(length));
            String after = line(from);
            if (length == 0) {
                while (after != null && !after.isEmpty()) {
                    after = line(from);
                }
                return body.toByteArray();
            }
        }
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
            tally.failed("a socket could not be closed: " + e);
        }
        socket = null;
        in = null;
    }
}
