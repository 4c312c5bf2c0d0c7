package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to servers that tenants or the operator name, to fetch keys and tokens and to deliver messages: HTTPS alone, no redirect, little patience, bounded answers, and no
 * address of this machine's own networks unless the operator allows it. Blocking; thread-safe.
 */
public final class OutboundWeb implements AutoCloseable {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final long MAX_BYTES = 256 << 10;

    private final boolean privateAddresses;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @param privateAddresses whether plain HTTP and addresses of private networks are allowed */
    public OutboundWeb(boolean privateAddresses) {
        this.privateAddresses = privateAddresses;
    }

    /** Reads an address as it may be asked; a failure names the field. */
    public URI checked(String text, String field) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException _) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be an address, as in https://id.example.com", field);
        }
        boolean scheme = "https".equals(uri.getScheme()) || (privateAddresses && "http".equals(uri.getScheme()));
        if (!scheme || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be an https:// address", field);
        }
        return uri;
    }

    /** What a GET answers with 200. */
    public byte[] get(URI uri) throws IOException {
        return send(uri, HttpRequest.newBuilder(uri).GET());
    }

    /** What a POST of a form answers with 200. */
    public byte[] post(URI uri, Map<String, String> form, @Nullable String authorization) throws IOException {
        String body = form.entrySet().stream()
                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(uri, request);
    }

    /**
     * Posts a message and returns the status of the answer, of which nothing else is read.
     *
     * @param headers each a name and its value
     */
    public int deliver(URI uri, byte[] message, Map<String, String> headers) throws IOException {
        requirePublic(uri);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).POST(HttpRequest.BodyPublishers.ofByteArray(message));
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            return response.statusCode();
        } catch (InterruptedException _) {
            throw notWaitedFor(uri);
        }
    }

    private static InterruptedIOException notWaitedFor(URI uri) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(uri.getHost() + " was not waited for");
    }

    private byte[] send(URI uri, HttpRequest.Builder request) throws IOException {
        requirePublic(uri);
        try {
            HttpResponse<byte[]> response = client.send(
                    request.timeout(PATIENCE)
                            .header("Accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
            if (response.statusCode() != 200) {
                throw new IOException(uri.getHost() + " answered " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException _) {
            throw notWaitedFor(uri);
        }
    }

    private void requirePublic(URI uri) throws IOException {
        if (privateAddresses) {
            return;
        }
        for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress()
                    || isUniqueLocal(address)) {
                throw new PrivateAddressException(uri.getHost() + " is in a private network");
            }
        }
    }

    /** IPv6's fc00::/7 and IPv4's 100.64.0.0/10, which Java has no names for. */
    private static boolean isUniqueLocal(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 16 ? (bytes[0] & 0xFE) == 0xFC : (bytes[0] & 0xFF) == 100 && (bytes[1] & 0xC0) == 64;
    }

    /** An address that may not be asked. The message names its host. */
    public static final class PrivateAddressException extends IOException {
        private static final long serialVersionUID = 1L;

        PrivateAddressException(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
