package dev.tidemark.account;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to servers that tenants or the operator name, to fetch keys and tokens and to deliver messages: HTTPS alone, no redirect, little
 * patience, bounded answers, and no address of this machine's own networks unless the operator allows it, judged on the very address that is
 * connected to. Blocking; thread-safe.
 */
public final class OutboundWeb {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int MAX_BYTES = 256 << 10;

    private final boolean privateAddresses;
    private final OutboundAddresses addresses;
    private final OutboundExchange exchange;

    /** @param privateAddresses whether plain HTTP and addresses of private networks are allowed */
    public OutboundWeb(boolean privateAddresses) {
        this(privateAddresses, InetAddress::getAllByName, SSLContexts.createSystemDefault());
    }

    OutboundWeb(boolean privateAddresses, OutboundAddresses.Resolver resolver, SSLContext tls) {
        this.privateAddresses = privateAddresses;
        this.addresses = new OutboundAddresses(resolver, privateAddresses);
        this.exchange = new OutboundExchange(tls, CONNECT_PATIENCE, PATIENCE, MAX_BYTES);
    }

    /**
     * Reads an address as it may be asked; a failure names the field. What a name means is judged when it is asked, an address that is
     * written out at once.
     */
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
        if (!privateAddresses && OutboundAddresses.saysItIsPrivate(uri.getHost())) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "must not be an address of a private network or of the server itself, unless the operator allows that",
                    field);
        }
        return uri;
    }

    /** What a GET answers with 200. */
    public byte[] get(URI uri) throws IOException {
        return exchange.send(uri, addresses.of(uri.getHost()), "GET", Map.of(), new byte[0]);
    }

    /** What a POST of a form answers with 200. */
    public byte[] post(URI uri, Map<String, String> form, @Nullable String authorization) throws IOException {
        String body = form.entrySet().stream()
                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        return exchange.send(
                uri, addresses.of(uri.getHost()), "POST", headers, body.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Posts a message and returns the status of the answer, of which nothing else is read.
     *
     * @param headers each a name and its value
     */
    public int deliver(URI uri, byte[] message, Map<String, String> headers) throws IOException {
        return exchange.status(uri, addresses.of(uri.getHost()), headers, message);
    }

    /** An address that may not be asked. The message names its host. */
    public static final class PrivateAddressException extends IOException {
        private static final long serialVersionUID = 1L;

        PrivateAddressException(String message) {
            super(message);
        }
    }
}
