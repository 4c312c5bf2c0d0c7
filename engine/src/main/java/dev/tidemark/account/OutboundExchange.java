package dev.tidemark.account;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of HTTP/1.1 to one network address, whatever the name in it means elsewhere; over TLS the certificate must be that of the name. A
 * connection for each: what is asked here is asked seldom.
 */
final class OutboundExchange {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundExchange.class);
    private static final int MAX_LINE = 8 << 10;
    private static final int MAX_HEADERS = 100;

    private final SSLSocketFactory tls;
    private final Duration connectPatience;
    private final Duration patience;
    private final int maxBytes;

    OutboundExchange(SSLSocketFactory tls, Duration connectPatience, Duration patience, int maxBytes) {
        this.tls = tls;
        this.connectPatience = connectPatience;
        this.patience = patience;
        this.maxBytes = maxBytes;
    }

    /** The body of an answer with 200; every other answer is a failure. */
    byte[] send(URI uri, InetAddress address, String method, Map<String, String> headers, byte[] body)
            throws IOException {
        return exchange(uri, address, request(uri, method, headers, body), this::answer);
    }

    /** Posts a body and returns the status of the answer, of which nothing else is read. */
    int status(URI uri, InetAddress address, Map<String, String> headers, byte[] body) throws IOException {
        return exchange(uri, address, request(uri, "POST", headers, body), OutboundExchange::statusOf);
    }

    private <T> T exchange(URI uri, InetAddress address, byte[] request, Reading<T> reading) throws IOException {
        boolean secure = "https".equals(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, port), (int) connectPatience.toMillis());
            // However slowly it drips: the connection is cut when its time is over.
            CountDownLatch over = new CountDownLatch(1);
            AtomicBoolean isCut = new AtomicBoolean();
            Thread.ofVirtual().name("outbound-patience").start(() -> cut(plain, over, isCut));
            try (Socket socket = secure ? secured(plain, uri.getHost(), port) : plain) {
                socket.setSoTimeout((int) patience.toMillis());
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                return reading.read(uri.getHost(), new BufferedInputStream(socket.getInputStream()));
            } catch (IOException failure) {
                throw isCut.get() ? new SocketTimeoutException(uri.getHost() + " did not answer in time") : failure;
            } finally {
                over.countDown();
            }
        }
    }

    /** Reads what it needs of an answer. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(String host, InputStream in) throws IOException;
    }

    private void cut(Socket socket, CountDownLatch over, AtomicBoolean isCut) {
        try {
            if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                isCut.set(true);
                socket.close();
            }
        } catch (InterruptedException | IOException e) {
            LOG.atDebug().setCause(e).log("a connection could not be cut");
        }
    }

    private SSLSocket secured(Socket plain, String host, int port) throws IOException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout((int) patience.toMillis());
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(URI uri, String method, Map<String, String> headers, byte[] body) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(uri.getRawAuthority())
                .append("\r\nAccept: application/json\r\nConnection: close\r\nUser-Agent: Tidemark\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static int statusOf(String host, InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException(host + " does not speak HTTP");
        }
        if (!status[1].matches("[1-9][0-9]{2}")) {
            throw new IOException(host + " answered nonsense");
        }
        return Integer.parseInt(status[1]);
    }

    private byte[] answer(String host, InputStream in) throws IOException {
        int status = statusOf(host, in);
        if (status != 200) {
            throw new IOException(host + " answered " + status);
        }
        long length = -1;
        boolean chunked = false;
        int headers = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (++headers > MAX_HEADERS) {
                throw new IOException(host + " answers with too many headers");
            }
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = number(lower.substring("content-length:".length()).strip(), 10);
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        return chunked ? chunks(in) : length >= 0 ? exactly(in, length) : rest(in);
    }

    private byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            long length = number(line(in).replaceFirst(";.*", "").strip(), 16);
            if (length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(exactly(in, length + body.size() > maxBytes ? maxBytes + 1L : length));
            line(in);
        }
    }

    private byte[] exactly(InputStream in, long length) throws IOException {
        if (length > maxBytes) {
            throw new IOException("the answer is too long");
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("the answer broke off");
        }
        return bytes;
    }

    private byte[] rest(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new IOException("the answer is too long");
        }
        return bytes;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IOException("the answer is not well-formed");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the answer broke off");
            }
            if (line.length() > MAX_LINE) {
                throw new IOException("the answer is not well-formed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
