package dev.tidemark.app;

import dev.tidemark.http.RouteTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Makes requests over a table of routes that are wrong in no, one or several ways, by a generator. */
final class HostileRequests {
    private static final byte[] BOMB = gzip(new byte[32 << 20]);
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json;charset=UTF-16",
            "application/xml",
            "x",
            "");
    private static final List<String> ODD_HEADERS = List.of(
            "Content-Encoding: gzip",
            "Content-Encoding: br, zstd",
            "X-Tenant-ID: globex",
            "X-Tenant-ID: ../acme",
            "X-Tenant-ID: ",
            "Origin: https://evil.example",
            "Origin: null",
            "Sec-Fetch-Site: cross-site",
            "If-Match: \"999\"",
            "If-Match: *",
            "If-Match: W/\"",
            "If-None-Match: \"\u00ff",
            "Range: bytes=0-,0-,0-,0-",
            "Accept: */*;q=nan",
            "Accept-Language: " + "a,".repeat(2_000),
            "X-Correlation-ID: a b\tc",
            "X-Forwarded-For: 1.2.3.4, ::1, junk",
            "X-Forwarded-Host: evil.example",
            "X-HTTP-Method-Override: DELETE",
            "Last-Event-ID: e.999999999999999999999",
            "Last-Event-ID: \u00e9",
            "Cookie: tidemark_session=; tidemark_session=x; =; ;;",
            "Cookie: " + "a=b; ".repeat(1_000),
            "User-Agent: " + "Mozilla/5.0 (".repeat(200),
            "Expect: 100-continue",
            "Expect: 200-ok",
            "TE: trailers",
            "Connection: keep-alive, X-Tenant-ID",
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings",
            "Upgrade: websocket\r\nConnection: Upgrade",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 99",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
                    + "\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
            "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13");
    private static final List<String> ODD_LINES = List.of(
            "PRI * HTTP/2.0",
            "OPTIONS * HTTP/1.1",
            "CONNECT 127.0.0.1:22 HTTP/1.1",
            "TRACE / HTTP/1.1",
            "BREW /api/v1/reports HTTP/1.1",
            "get /api/v1/reports HTTP/1.1",
            "GET http://169.254.169.254/latest HTTP/1.1",
            "GET //evil.example/%2e%2e HTTP/1.1",
            "GET /assets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1",
            "GET /assets/%00 HTTP/1.1",
            "GET /%%%zz?%=%&%zz HTTP/1.1",
            "GET /api/v1/reports#fragment HTTP/1.1",
            "GET /health/live HTTP/9.9",
            "GET /health/live HTTP/1.0",
            "GET /health/live",
            "GET\t/health/live\tHTTP/1.1",
            "  ",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000");

    /** What reads or writes a lot comes less often, so that there is time for more of the rest. */
    private static final Pattern HEAVY = Pattern.compile(
            "openapi|/export$|/verification$|/drift$|/draft$|/metrics$|/api/v1/users/|/templates$|/dead-letters");

    private final Random random;
    private final Set<RouteTable.Entry> met = new HashSet<>();
    private final List<RouteTable.Entry> routes;
    private final HostileCredentials credentials;
    private final DescribedRoutes described;
    private final HostileValues values;

    HostileRequests(Random random, List<RouteTable.Entry> routes, HostileCredentials credentials) {
        this.random = random;
        this.routes = routes.stream()
                .flatMap(route ->
                        Collections.nCopies(HEAVY.matcher(route.path()).find() ? 1 : 6, route).stream())
                .toList();
        this.credentials = credentials;
        this.described = new DescribedRoutes(random);
        this.values = new HostileValues(random);
    }

    /**
     * What goes over a connection at once.
     *
     * @param methods of the requests in it, one after another
     * @param broken whether the HTTP itself may be wrong, so that nothing can follow
     */
    record Exchange(byte[] bytes, List<String> methods, boolean broken) {
        /** Whether administrators of the server may be told names of every tenant's people in answer. */
        boolean asksForUsers() {
            return new String(bytes, StandardCharsets.ISO_8859_1).contains("GET /api/v1/server/users");
        }

        /** Whether it says a version of HTTP that the server never heard of, to which the answer is 501, as the HTTP server gives it. */
        boolean ofUnknownVersion() {
            String line = new String(bytes, 0, Math.min(bytes.length, 80), StandardCharsets.ISO_8859_1);
            return broken && (line.contains(" HTTP/9.9\r") || line.contains(" HTTP/2.0\r"));
        }

        @Override
        public String toString() {
            return bytes.length + " bytes: "
                    + new String(bytes, 0, Math.min(bytes.length, 900), StandardCharsets.ISO_8859_1);
        }
    }

    Exchange next() {
        int kind = random.nextInt(100);
        if (kind < 3) {
            return new Exchange(latin(odd(ODD_LINES) + "\r\nHost: localhost\r\n\r\n"), List.of("GET"), true);
        }
        if (kind < 8) {
            return broken();
        }
        if (kind < 11) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            List<String> methods = new ArrayList<>();
            for (int count = 2 + random.nextInt(6); count > 0; count--) {
                RouteTable.Entry route = pipelined();
                methods.add(route.method());
                all.writeBytes(whole(head(route, route.method()), body(route), false));
            }
            return new Exchange(all.toByteArray(), methods, false);
        }
        RouteTable.Entry route = one();
        String method = random.nextInt(30) == 0 ? odd(List.of("HEAD", "OPTIONS", "PATCH", "PUT")) : route.method();
        return new Exchange(whole(head(route, method), body(route), random.nextInt(8) == 0), List.of(method), false);
    }

    /** The routes that something was made for. */
    Set<RouteTable.Entry> met() {
        return Set.copyOf(met);
    }

    private RouteTable.Entry one() {
        RouteTable.Entry route = routes.get(random.nextInt(routes.size()));
        met.add(route);
        return route;
    }

    private RouteTable.Entry pipelined() {
        RouteTable.Entry route = one();
        return route.path().endsWith("/stream") || route.path().endsWith("/ws") ? pipelined() : route;
    }

    private String head(RouteTable.Entry route, String method) {
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(path(route))
                .append(query(route))
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        String[] who = random.nextInt(3) > 0 ? credentials.enough(route, random) : credentials.any(random);
        for (int index = 0; index < who.length; index += 2) {
            head.append(who[index]).append(": ").append(who[index + 1]).append("\r\n");
        }
        head.append("Content-Type: ")
                .append(random.nextInt(10) == 0 ? odd(TYPES) : "application/json")
                .append("\r\n");
        boolean upgrading = route.path().endsWith("/ws");
        for (int count = upgrading ? 1 : random.nextInt(6) - 3; count > 0; count--) {
            head.append(odd(ODD_HEADERS)).append("\r\n");
        }
        return head.toString();
    }

    private String path(RouteTable.Entry route) {
        String path = Arrays.stream(route.path().split("/", -1))
                .map(segment -> segment.startsWith(":") || segment.equals("*") ? place(route, segment) : segment)
                .collect(Collectors.joining("/"));
        return random.nextInt(150) == 0 ? path + odd(List.of("/", "//", "/.", ";a=b", "%2f", "%", "%20")) : path;
    }

    private String place(RouteTable.Entry route, String segment) {
        return random.nextInt(5) == 0 ? encoded(values.text()) : credentials.id(route, segment, random);
    }

    private String query(RouteTable.Entry route) {
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, String> each : described.query(route)) {
            switch (random.nextInt(6)) {
                case 0, 1 -> add(query, each.getKey(), encoded(each.getValue()));
                case 2 -> add(query, each.getKey(), encoded(values.text()));
                default -> {}
            }
        }
        switch (random.nextInt(25)) {
            case 0 -> add(query, encoded(values.text()), encoded(values.text()));
            case 1 ->
                query.append(query.isEmpty() ? "?" : "&")
                        .append(odd(List.of("%zz", "&&==&", "a=%c0%80", "%00=%ff", "=")));
            default -> {}
        }
        return query.length() > 12_000 ? "" : query.toString();
    }

    private static void add(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value);
    }

    private byte[] body(RouteTable.Entry route) {
        if (route.method().equals("GET") && random.nextInt(12) > 0) {
            return new byte[0];
        }
        if (route.method().equals("DELETE") && random.nextInt(4) > 0) {
            return new byte[0];
        }
        return switch (random.nextInt(24)) {
            case 0 -> noise(random.nextInt(800));
            case 1 -> values.value().getBytes(StandardCharsets.UTF_8);
            case 2 -> described.body(route).toString().getBytes(StandardCharsets.UTF_16LE);
            case 3, 4 -> damaged(described.body(route).toString().getBytes(StandardCharsets.UTF_8));
            case 5 -> new byte[0];
            case 6 -> random.nextInt(60) == 0 ? new byte[(4 << 20) + 1] : latin("[" + values.value() + "]");
            case 7 ->
                random.nextInt(20) == 0
                        ? BOMB
                        : gzip(described.body(route).toString().getBytes(StandardCharsets.UTF_8));
            case 8, 9, 10, 11, 12 -> described.body(route).toString().getBytes(StandardCharsets.UTF_8);
            default -> values.bent(described.body(route)).getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] whole(String head, byte[] body, boolean chunked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean zipped = body.length > 2 && body[0] == 0x1F && (body[1] & 0xFF) == 0x8B;
        String encoding = zipped && !head.contains("Content-Encoding") ? "Content-Encoding: gzip\r\n" : "";
        if (!chunked || body.length == 0) {
            out.writeBytes(latin(head + encoding + "Content-Length: " + body.length + "\r\n\r\n"));
            out.writeBytes(body);
            return out.toByteArray();
        }
        out.writeBytes(latin(head + encoding + "Transfer-Encoding: chunked\r\n\r\n"));
        for (int at = 0; at < body.length; ) {
            int length = Math.min(body.length - at, 1 + random.nextInt(600));
            String extension = random.nextInt(8) == 0 ? ";" + "e".repeat(random.nextInt(60)) + "=1" : "";
            out.writeBytes(latin(Integer.toHexString(length) + extension + "\r\n"));
            out.write(body, at, length);
            out.writeBytes(latin("\r\n"));
            at += length;
        }
        out.writeBytes(latin(random.nextInt(4) == 0 ? "0\r\nX-Trailer: 1\r\n\r\n" : "0\r\n\r\n"));
        return out.toByteArray();
    }

    /** Requests whose HTTP is wrong; the connection cannot be used for another one. */
    private Exchange broken() {
        RouteTable.Entry route = routes.get(random.nextInt(routes.size()));
        byte[] body = described.body(route).toString().getBytes(StandardCharsets.UTF_8);
        String head = head(route, route.method());
        String wrong = switch (random.nextInt(17)) {
            case 0 -> head + "Content-Length: " + (body.length + 1 + random.nextInt(900)) + "\r\n\r\n";
            case 1 -> head + "Content-Length: -1\r\n\r\n";
            case 2 -> head + "Content-Length: 99999999999999999999\r\n\r\n";
            case 3 -> head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n";
            case 4 -> head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            case 5 -> head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
            case 6 -> head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n";
            case 7 -> head + "Transfer-Encoding: chunked\r\n\r\n-5\r\nabc";
            case 8 -> head + "Transfer-Encoding: chunked\r\n\r\n1;" + "x".repeat(70_000);
            case 9 -> head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n";
            case 10 -> head + "Transfer-Encoding: chunked, identity\r\n\r\n";
            case 11 -> head + "X-Long: " + "x".repeat(40_000) + "\r\n\r\n";
            case 12 -> head + "X: y\r\n".repeat(9_000) + "\r\n";
            case 13 -> head + "No colon here\r\n folded: 1\r\n\r\n";
            case 14 -> head + "Bad\u0000Name: 1\r\nX: a\u0001b\r\n\r\n";
            case 15 ->
                head.replace(
                                "Host: localhost\r\n",
                                odd(List.of("", "Host: a\r\nHost: b\r\n", "Host: [::\r\n", "Host: a b:99999\r\n")))
                        + "\r\n";
            default -> head.substring(0, random.nextInt(head.length()));
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin(wrong));
        out.write(body, 0, Math.min(body.length, 900));
        return new Exchange(out.toByteArray(), List.of(route.method()), true);
    }

    private byte[] damaged(byte[] good) {
        byte[] bytes = good.clone();
        for (int count = 1 + random.nextInt(5); count > 0 && bytes.length > 0; count--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes[at] = (byte) "{}[]\",:\\0\n".charAt(random.nextInt(10));
            }
        }
        return bytes;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String odd(List<String> among) {
        return among.get(random.nextInt(among.size()));
    }

    private static String encoded(String text) {
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        return encoded.length() > 6_000 ? encoded.substring(0, 6_000).replaceAll("%.?$", "") : encoded;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
