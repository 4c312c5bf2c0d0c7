package dev.tidemark.account;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * One request of HTTP/1.1 to one network address, whatever the name in it means elsewhere; over TLS the certificate must be that of the name. A
 * connection for each: what is asked here is asked seldom. Blocking; thread-safe.
 */
final class OutboundExchange {
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(8 << 10)
            .setMaxHeaderCount(100)
            .build();
    /** Says no more than it is told: no upgrade to TLS is offered. */
    private static final RequestConfig AS_ASKED =
            RequestConfig.custom().setProtocolUpgradeEnabled(false).build();

    private final Lookup<TlsSocketStrategy> tls;
    private final ManagedHttpClientConnectionFactory connections = ManagedHttpClientConnectionFactory.builder()
            .http1Config(LIMITS)
            .responseParserFactory(new DefaultHttpResponseParserFactory(LIMITS))
            .build();
    private final Duration connectPatience;
    private final Duration patience;
    private final int maxBytes;

    OutboundExchange(SSLContext tls, Duration connectPatience, Duration patience, int maxBytes) {
        this.tls = RegistryBuilder.<TlsSocketStrategy>create()
                .register("https", new DefaultClientTlsStrategy(tls, HostnameVerificationPolicy.BUILTIN, null))
                .build();
        this.connectPatience = connectPatience;
        this.patience = patience;
        this.maxBytes = maxBytes;
    }

    /** The body of an answer with 200; every other answer is a failure. */
    byte[] send(URI uri, InetAddress address, String method, Map<String, String> headers, byte[] body)
            throws IOException {
        return exchange(uri, address, request(uri, method, headers, body), response -> answer(uri.getHost(), response));
    }

    /** Posts a body and returns the status of the answer, of which nothing else is read. */
    int status(URI uri, InetAddress address, Map<String, String> headers, byte[] body) throws IOException {
        return exchange(uri, address, request(uri, "POST", headers, body), ClassicHttpResponse::getCode);
    }

    private <T> T exchange(URI uri, InetAddress address, HttpUriRequestBase request, Reading<T> reading)
            throws IOException {
        CloseableHttpClient client = client(address);
        // However slowly it drips: the connection is cut when its time is over.
        CompletableFuture<Void> cut = CompletableFuture.runAsync(
                request::cancel,
                CompletableFuture.delayedExecutor(connectPatience.plus(patience).toMillis(), TimeUnit.MILLISECONDS));
        try {
            return reading.read(client.executeOpen(target(uri), request, null));
        } catch (IOException failure) {
            throw request.isCancelled()
                    ? new SocketTimeoutException(uri.getHost() + " did not answer in time")
                    : failure;
        } finally {
            boolean _ = cut.cancel(false);
            client.close(CloseMode.IMMEDIATE);
        }
    }

    /** Reads what it needs of an answer. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(ClassicHttpResponse response) throws IOException;
    }

    /** Whatever name is asked for, it means one address. */
    private record Judged(InetAddress address) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {address};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private CloseableHttpClient client(InetAddress address) {
        BasicHttpClientConnectionManager connection =
                BasicHttpClientConnectionManager.create(null, new Judged(address), tls, connections);
        connection.setConnectionConfig(ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(connectPatience))
                .setSocketTimeout(Timeout.of(patience))
                .build());
        connection.setTlsConfig(
                TlsConfig.custom().setHandshakeTimeout(Timeout.of(patience)).build());
        return HttpClients.custom()
                .setConnectionManager(connection)
                .setDefaultRequestConfig(AS_ASKED)
                .setUserAgent("Tidemark")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /** Whose certificate is wanted: an address of IPv6 stands in one without brackets. */
    private static HttpHost target(URI uri) {
        String host = uri.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new HttpHost(uri.getScheme(), name, uri.getPort());
    }

    private static HttpUriRequestBase request(URI uri, String method, Map<String, String> headers, byte[] body) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
        request.setHeader("Accept", "application/json");
        request.setHeader("Connection", "close");
        headers.forEach(request::setHeader);
        if (body.length > 0) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        return request;
    }

    private byte[] answer(String host, ClassicHttpResponse response) throws IOException {
        if (response.getCode() != 200) {
            throw new IOException(host + " answered " + response.getCode());
        }
        HttpEntity entity = response.getEntity();
        byte[] bytes = entity == null ? new byte[0] : entity.getContent().readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new IOException("the answer of " + host + " is too long");
        }
        return bytes;
    }
}
