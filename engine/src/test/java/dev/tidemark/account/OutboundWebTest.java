package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that somebody named, and names that mean something else a moment later. */
@Timeout(60)
final class OutboundWebTest {
    private static final SSLContext TLS = SSLContexts.createSystemDefault();
    private static final String STORE_PASSWORD = "password";

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<String> host = new AtomicReference<>("");
    private final AtomicReference<String> body = new AtomicReference<>("");
    private HttpServer server;
    private int port;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        port = server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aNameThatMeansThisMachineAMomentLaterIsStillAskedWhereItWasJudged() {
        AtomicInteger lookups = new AtomicInteger();
        OutboundWeb web = new OutboundWeb(
                false,
                _ -> new InetAddress[] {
                    lookups.getAndIncrement() == 0 ? address("192.0.2.1") : InetAddress.getLoopbackAddress()
                },
                TLS);
        assertThatThrownBy(() -> web.get(URI.create("http://rebinding.example:" + port + "/keys")))
                .isInstanceOf(IOException.class);
        assertThat(lookups).as("looked up once").hasValue(1);
        assertThat(asked).as("nobody of this machine was asked").hasValue(0);
        assertThatThrownBy(() -> web.get(URI.create("http://rebinding.example:" + port + "/keys")))
                .hasMessageContaining("private");
        assertThat(asked).hasValue(0);
    }

    @Test
    void oneGoodAddressAmongPrivateOnesDoesNotHelp() {
        OutboundWeb web = new OutboundWeb(
                false, _ -> new InetAddress[] {address("192.0.2.1"), InetAddress.getLoopbackAddress()}, TLS);
        assertThatThrownBy(() -> web.get(URI.create("https://mixed.example/"))).hasMessageContaining("private");
    }

    @Test
    void everyFormOfAPrivateAddressIsKnown() {
        for (String inside : List.of(
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "100.64.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.1.1",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "2002:7f00:1::",
                "2001:0:1::1")) {
            assertThat(OutboundAddresses.isPrivate(address(inside))).as(inside).isTrue();
        }
        for (String outside : List.of(
                "1.1.1.1",
                "100.128.0.1",
                "172.32.0.1",
                "192.0.2.1",
                "2606:4700::1111",
                "64:ff9b::1.1.1.1",
                "2002:101:101::")) {
            assertThat(OutboundAddresses.isPrivate(address(outside)))
                    .as(outside)
                    .isFalse();
        }
    }

    @Test
    void anAddressThatIsWrittenOutIsRefusedBeforeItIsKept() {
        OutboundWeb strict = new OutboundWeb(false);
        for (String host : List.of(
                "127.0.0.1",
                "127.8.9.1:8443",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[::]:443",
                "[fe80::1]",
                "[fe80::1%25eth0]",
                "[fd00::1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "localhost",
                "LocalHost:8443",
                "localhost.",
                "metrics.localhost")) {
            assertThatThrownBy(() -> strict.checked("https://" + host + "/hook", "alerts.webhook_url"))
                    .as(host)
                    .isInstanceOfSatisfying(TidemarkException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
                        assertThat(e.field()).contains("alerts.webhook_url");
                    });
        }
        assertThat(new OutboundWeb(true).checked("http://127.0.0.1:8080/hook", "field"))
                .hasHost("127.0.0.1");
    }

    @Test
    void noOtherSpellingOfAnAddressIsTakenForAName() {
        OutboundWeb strict = new OutboundWeb(false);
        for (String host : List.of(
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.0.0.1.",
                "127.000.000.001",
                "\u0661\u0662\u0667.0.0.1",
                "\uff11\uff12\uff17.0.0.1",
                "loc%61lhost",
                "[::1")) {
            assertThatThrownBy(() -> strict.checked("https://" + host + "/", "jwks_url"))
                    .as(host)
                    .isInstanceOf(TidemarkException.class);
        }
    }

    @Test
    void whatIsPublicAndWhatIsANameIsKept() {
        OutboundWeb strict = new OutboundWeb(false);
        for (String host : List.of(
                "93.184.216.34",
                "[2606:2800:220:1::1]",
                "hooks.example.com",
                "localhost.example.com",
                "10.example.com")) {
            assertThat(strict.checked("https://" + host + "/", "jwks_url")).isNotNull();
        }
    }

    @Test
    void theAddressIsAskedUnderTheName() throws IOException {
        OutboundWeb web = new OutboundWeb(true, _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}, TLS);
        byte[] answer = web.get(URI.create("http://id.example.com:" + port + "/ok?a=b"));
        assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("GET /ok?a=b");
        assertThat(host).hasValue("id.example.com:" + port);
        byte[] posted = web.post(URI.create("http://id.example.com:" + port + "/ok"), Map.of("code", "a&b"), "Basic x");
        assertThat(new String(posted, StandardCharsets.UTF_8)).isEqualTo("POST /ok");
        assertThat(body).hasValue("code=a%26b");
    }

    @Test
    void answersThatAreTooLongElsewhereOrNoneAreFailures() {
        OutboundWeb web = new OutboundWeb(true);
        for (String path : List.of("/redirect", "/missing", "/long", "/longer")) {
            assertThatThrownBy(() -> web.get(URI.create("http://127.0.0.1:" + port + path)))
                    .as(path)
                    .isInstanceOf(IOException.class);
        }
        assertThat(asked).as("no redirect is followed").hasValue(4);
    }

    @Test
    void whoDripsIsNotWaitedForAndWhoSpeaksNoHttpIsNotUnderstood() throws Exception {
        OutboundWeb web = new OutboundWeb(true);
        try (ServerSocket dripping = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread drip = Thread.ofVirtual().start(() -> drip(dripping));
            long started = System.nanoTime();
            assertThatThrownBy(() -> web.get(URI.create("http://127.0.0.1:" + dripping.getLocalPort() + "/")))
                    .isInstanceOf(IOException.class);
            assertThat(System.nanoTime() - started).isLessThan(20_000_000_000L);
            drip.interrupt();
        }
        for (String nonsense : List.of(
                "SSH-2.0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(200) + "\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\n\r\n")) {
            try (ServerSocket odd = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                Thread.ofVirtual().start(() -> say(odd, nonsense));
                assertThatThrownBy(() -> web.get(URI.create("http://127.0.0.1:" + odd.getLocalPort() + "/")))
                        .as(nonsense.substring(0, Math.min(60, nonsense.length())))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void whoDripsBeforeTheFirstByteOfAnAnswerIsNotWaitedFor() throws Exception {
        OutboundWeb web = new OutboundWeb(true);
        try (ServerSocket dripping = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            for (String scheme : List.of("http", "https")) {
                Thread drip = Thread.ofVirtual().start(() -> dripEndlessly(dripping, 0x16));
                long started = System.nanoTime();
                assertThatThrownBy(() -> web.get(URI.create(scheme + "://127.0.0.1:" + dripping.getLocalPort() + "/")))
                        .as(scheme)
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessage("127.0.0.1 did not answer in time");
                assertThat(System.nanoTime() - started).as(scheme).isLessThan(20_000_000_000L);
                drip.interrupt();
            }
        }
    }

    @Test
    void aMessageIsDeliveredWhateverFollowsTheStatus() throws Exception {
        OutboundWeb web = new OutboundWeb(true);
        try (ServerSocket endless = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> sayAndGoOn(endless, "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n"));
            assertThat(web.deliver(
                            URI.create("http://127.0.0.1:" + endless.getLocalPort() + "/"),
                            new byte[] {'{', '}'},
                            Map.of()))
                    .isEqualTo(202);
        }
    }

    @Test
    void anAddressIsAskedAsItIsWritten() throws IOException {
        OutboundWeb web = new OutboundWeb(true);
        for (String written : List.of("/", "//a//b", "/a%2Fb/../c?d=%20e&f=/?", "/;a=b", "/%C3%A4")) {
            assertThat(new String(web.get(URI.create("http://127.0.0.1:" + port + written)), StandardCharsets.UTF_8))
                    .isEqualTo("GET " + written);
        }
        assertThat(new String(web.get(URI.create("http://127.0.0.1:" + port + "?q")), StandardCharsets.UTF_8))
                .isEqualTo("GET /?q");
    }

    @Test
    void theCertificateMustBeThatOfTheName(@TempDir Path directory) throws Exception {
        SSLContext context = context(directory);
        HttpsServer secure = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context));
        secure.createContext("/", this::answer);
        secure.start();
        try {
            OutboundWeb web = new OutboundWeb(true, _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}, context);
            int at = secure.getAddress().getPort();
            assertThat(web.get(URI.create("https://id.example.com:" + at + "/ok")))
                    .isNotEmpty();
            assertThat(web.get(URI.create("https://[2001:db8::1]:" + at + "/ok")))
                    .isNotEmpty();
            assertThat(host).hasValue("[2001:db8::1]:" + at);
            assertThatThrownBy(() -> web.get(URI.create("https://[2001:db8::2]:" + at + "/ok")))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> web.get(URI.create("https://other.example.com:" + at + "/ok")))
                    .isInstanceOf(SSLException.class);
            OutboundWeb trustsNobodyNew =
                    new OutboundWeb(true, _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}, TLS);
            assertThatThrownBy(() -> trustsNobodyNew.get(URI.create("https://id.example.com:" + at + "/ok")))
                    .isInstanceOf(SSLException.class);
        } finally {
            secure.stop(0);
        }
    }

    private static SSLContext context(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "id",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=id.example.com",
                        "-ext",
                        "SAN=dns:id.example.com,ip:2001:db8::1",
                        "-validity",
                        "3650",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, STORE_PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("id", store.getCertificate("id"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        host.set(exchange.getRequestHeaders().getFirst("Host"));
        body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String path = exchange.getRequestURI().getPath();
        byte[] answer = path.startsWith("/long")
                ? new byte[300 << 10]
                : (exchange.getRequestMethod() + " " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
        if (path.equals("/redirect")) {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port + "/ok");
        }
        int status = path.equals("/redirect") ? 302 : path.equals("/missing") ? 404 : 200;
        try (exchange) {
            exchange.sendResponseHeaders(status, path.equals("/longer") ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (IOException _) {
            // Whoever asked has heard enough.
        }
    }

    private static void drip(ServerSocket at) {
        try (Socket socket = at.accept()) {
            while (!Thread.currentThread().isInterrupted()) {
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX: y".charAt(0));
                socket.getOutputStream().flush();
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            }
        } catch (IOException _) {
            // It was cut.
        }
    }

    private static void dripEndlessly(ServerSocket at, int value) {
        try (Socket socket = at.accept()) {
            while (!Thread.currentThread().isInterrupted()) {
                socket.getOutputStream().write(value);
                socket.getOutputStream().flush();
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | InterruptedException _) {
            // It was cut.
        }
    }

    private static void say(ServerSocket at, String text) {
        try (Socket socket = at.accept()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // The other side has gone.
        }
    }

    private static void sayAndGoOn(ServerSocket at, String text) {
        try (Socket socket = at.accept()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write("1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // The other side has gone.
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
