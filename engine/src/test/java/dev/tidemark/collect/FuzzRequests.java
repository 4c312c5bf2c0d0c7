package dev.tidemark.collect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes HTTP requests that are wrong in one or several ways, by a generator. */
final class FuzzRequests {
    private static final List<String> PATHS = List.of(
            "/api/v1/events",
            "/api/v1/events",
            "/api/v1/events",
            "/v1/track",
            "/v1/batch",
            "/v1/identify",
            "/v1/page",
            "/v1/t",
            "/v1/p",
            "/v1/i",
            "/v1/b",
            "/v1/g",
            "/v1/a",
            "/v1/s",
            "/v1/import",
            "/v1/group",
            "/v1/alias",
            "/v1/screen",
            "/api/v1/dead-letters");
    private static final List<String> QUERIES = List.of(
            "",
            "",
            "",
            "",
            "?key=wk_acme",
            "?key=",
            "?duplicates=report",
            "?duplicates=x",
            "?key=%zz",
            "?%00=%ff",
            "?key=%c0%80",
            "?&&==&");
    private static final List<String> KEYS = List.of(
            "Authorization: Bearer wk_acme",
            "Authorization: Bearer sk_acme",
            "Authorization: Bearer sk_acme",
            "Authorization: Basic d2tfYWNtZTo=",
            "X-Write-Key: wk_acme",
            "X-API-Key: sk_acme",
            "Authorization: Basic !!!",
            "Authorization: Basic /w==",
            "Authorization: Digest x",
            "Authorization: ",
            "X-Write-Key: \u00e9\u00ff",
            "X-Other: 1");
    private static final List<String> ENCODINGS =
            List.of("gzip", "zstd", "deflate", "br", "identity", "gzip, gzip", "x", "GZIP", "");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/x-ndjson",
            "text/plain",
            "text/plain;charset=UTF-16",
            "x",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "");

    private final Random random;
    private final FuzzBodies bodies;

    FuzzRequests(Random random) {
        this.random = random;
        this.bodies = new FuzzBodies(random);
    }

    /** @param breaksConnection whether the HTTP itself is broken, so that nothing can follow on the connection */
    record Request(byte[] bytes, boolean breaksConnection) {
        @Override
        public String toString() {
            int shown = Math.min(bytes.length, 400);
            return bytes.length + " bytes: " + new String(bytes, 0, shown, StandardCharsets.ISO_8859_1);
        }
    }

    Request next() {
        byte[] body = bodies.next();
        boolean broken = random.nextInt(100) < 12;
        StringBuilder head = new StringBuilder("POST ")
                .append(one(PATHS))
                .append(one(QUERIES))
                .append(" HTTP/1.1\r\nHost: localhost\r\n")
                .append(one(KEYS))
                .append("\r\n");
        if (random.nextInt(3) == 0) {
            head.append("Content-Type: ").append(one(TYPES)).append("\r\n");
        }
        if (bodies.encoding() != null) {
            head.append("Content-Encoding: ").append(bodies.encoding()).append("\r\n");
        } else if (random.nextInt(12) == 0) {
            head.append("Content-Encoding: ").append(one(ENCODINGS)).append("\r\n");
        }
        if (random.nextInt(20) == 0) {
            head.append("User-Agent: ").append(letters(random.nextInt(3000))).append("\r\n");
        }
        if (random.nextInt(20) == 0) {
            head.append("Origin: ").append(letters(1 + random.nextInt(30))).append("\r\n");
        }
        if (random.nextInt(30) == 0) {
            head.append("X-Tenant-ID: ")
                    .append(random.nextBoolean() ? "acme" : letters(5))
                    .append("\r\n");
        }
        if (random.nextInt(40) == 0) {
            head.append("X-Correlation-ID: ")
                    .append(letters(random.nextInt(90)))
                    .append("\r\n");
        }
        return broken ? broken(head, body) : whole(head, body);
    }

    private Request whole(StringBuilder head, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 512);
        if (random.nextInt(6) == 0 && body.length > 0) {
            head.append("Transfer-Encoding: chunked\r\n\r\n");
            out.writeBytes(bytes(head.toString()));
            for (int at = 0; at < body.length; ) {
                int length = Math.min(body.length - at, 1 + random.nextInt(8_000));
                out.writeBytes(bytes(Integer.toHexString(length) + "\r\n"));
                out.write(body, at, length);
                out.writeBytes(bytes("\r\n"));
                at += length;
            }
            out.writeBytes(bytes("0\r\n\r\n"));
        } else {
            out.writeBytes(bytes(head + "Content-Length: " + body.length + "\r\n\r\n"));
            out.writeBytes(body);
        }
        return new Request(out.toByteArray(), false);
    }

    private Request broken(StringBuilder head, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 512);
        switch (random.nextInt(10)) {
            case 0 ->
                head.append("Content-Length: ")
                        .append(body.length + 1 + random.nextInt(1_000))
                        .append("\r\n\r\n");
            case 1 -> head.append("Content-Length: -1\r\n\r\n");
            case 2 -> head.append("Content-Length: 99999999999999999999\r\n\r\n");
            case 3 -> head.append("Content-Length: 5\r\nContent-Length: 6\r\n\r\n");
            case 4 -> head.append("Transfer-Encoding: chunked\r\n\r\nzz\r\n");
            case 5 -> head.append("Transfer-Encoding: gzip\r\n\r\n");
            case 6 -> head.append("X-Long: ").append("x".repeat(20_000)).append("\r\n\r\n");
            case 7 -> head.append("No colon here\r\n\r\n");
            case 8 -> head.insert(0, "\u0000\u0001 garbage \r\n").append("\r\n");
            default -> {
                byte[] cut = bytes(head.toString());
                return new Request(java.util.Arrays.copyOf(cut, random.nextInt(cut.length)), true);
            }
        }
        out.writeBytes(bytes(head.toString()));
        out.write(body, 0, Math.min(body.length, 2_000));
        return new Request(out.toByteArray(), true);
    }

    private String letters(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString().strip();
    }

    private String one(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
