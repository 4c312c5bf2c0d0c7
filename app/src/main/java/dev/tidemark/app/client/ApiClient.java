package dev.tidemark.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A server's public API with a secret key. What fails for want of capacity or connection is tried again, at the server's pace
 * where it names one, else at doubling intervals, for five minutes; a server that was never reached is not waited for.
 * Thread-safe; blocks.
 */
public final class ApiClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final URI server;
    private final Secret key;
    private final TimeSource time;
    private final RandomGenerator random;
    private volatile boolean reached;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    public ApiClient(URI server, Secret key, TimeSource time, RandomGenerator random) {
        this.server = server;
        this.key = key;
        this.time = time;
        this.random = random;
    }

    public URI server() {
        return server;
    }

    /**
     * Posts JSON, compressed where the route takes that.
     *
     * @return the answer of a success, or of a 400 or 413, which the caller knows to take apart
     */
    public Answer post(String path, JsonNode body, boolean compressed) throws InterruptedException {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        if (compressed) {
            request.header("Content-Encoding", "gzip");
        }
        return send(request.POST(BodyPublishers.ofByteArray(bytes(body, compressed)))
                .build());
    }

    /** An embed token for a report, with when it ends. */
    public JsonNode embedToken(
            String report, @Nullable Integer expiresInSeconds, @Nullable String theme, List<String> origins)
            throws InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (expiresInSeconds != null) {
            body.put("expires_in", expiresInSeconds);
        }
        if (theme != null) {
            body.put("theme", theme);
        }
        origins.forEach(body.withArray("origins")::add);
        String id = URLEncoder.encode(report, StandardCharsets.UTF_8);
        Answer answer = post("/api/v1/reports/" + id + "/embed-tokens", body, false);
        if (answer.status() >= 300) {
            throw refused(answer);
        }
        return answer.body();
    }

    public JsonNode get(String path) throws InterruptedException {
        Answer answer = send(request(path).GET().build());
        if (answer.status() != 200) {
            throw refused(answer);
        }
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key.reveal());
    }

    private Answer send(HttpRequest request) throws InterruptedException {
        long started = time.nanos();
        boolean unsure = false;
        for (int attempt = 0; ; attempt++) {
            String problem;
            Duration pause = backOff(attempt);
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                reached = true;
                int status = response.statusCode();
                Answer answer = new Answer(status, parse(response.body()), unsure);
                if (status < 300 || status == 400 || status == 413) {
                    return answer;
                }
                if (status != 429 && status < 500) {
                    throw refused(answer);
                }
                unsure |= status != 429 && status != 503;
                problem = "the server answers " + status + ": " + answer.detail();
                pause = retryAfter(response, pause);
            } catch (ConnectException e) {
                if (!reached) {
                    throw new TidemarkException(ErrorCode.OVERLOADED, "nothing answers at " + server, e);
                }
                problem = "no connection";
            } catch (IOException e) {
                unsure = true;
                problem = e.getMessage() == null ? "no connection" : e.getMessage();
            }
            if (time.nanos() - started > PATIENCE.toNanos()) {
                throw new TidemarkException(
                        ErrorCode.OVERLOADED, server + " cannot be reached for five minutes now (" + problem + ")");
            }
            time.sleep(pause);
        }
    }

    private Duration backOff(int attempt) {
        long millis = Math.min(LONGEST_PAUSE.toMillis(), 100L << Math.min(attempt, 10));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    private static Duration retryAfter(HttpResponse<?> response, Duration otherwise) {
        String value = response.headers().firstValue("Retry-After").orElse("");
        if (!value.matches("\\d{1,5}")) {
            return otherwise;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(value));
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    /** The failure that an answer stands for. */
    public static TidemarkException refused(Answer answer) {
        ErrorCode code = switch (answer.status()) {
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            default -> ErrorCode.INVALID_FIELD;
        };
        return new TidemarkException(code, "the server refuses (" + answer.status() + "): " + answer.detail());
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? JsonNodeFactory.instance.missingNode() : node;
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.missingNode();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer in memory cannot be read", e);
        }
    }

    private static byte[] bytes(JsonNode body, boolean compressed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (OutputStream out = compressed ? new GZIPOutputStream(bytes) : bytes) {
            JSON.writeValue(out, body);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "a request cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * One answer.
     *
     * @param unsure whether an earlier attempt of the same request may have succeeded
     */
    public record Answer(int status, JsonNode body, boolean unsure) {
        public String detail() {
            @Nullable String detail = body.path("detail").textValue();
            return detail == null ? "no explanation" : detail;
        }
    }
}
