package dev.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.StreamedBody;
import dev.tidemark.store.EngineAddress;
import dev.tidemark.store.EngineFixture;
import dev.tidemark.store.Positions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The export routes on the real engine, and readers of what they send. */
final class ExportFixture {
    final QueryFixture queries = new QueryFixture();
    final Positions positions = new Positions();
    final ExportRoutes routes = new ExportRoutes(
            new Exports(queries.engine),
            queries.store,
            positions,
            new UtcDirectory(),
            CohortDirectory.EMPTY,
            new dev.tidemark.account.SettableTime(QueryFixture.NOW.toString()));

    /** A file with the headers before and the trailers behind it. */
    record Sent(byte[] bytes, Map<String, String> headers, Map<String, String> trailers) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        List<JsonNode> lines() {
            return text().lines().map(QueryFixture::parsed).toList();
        }
    }

    Sent events(TenantId tenant, Map<String, String> query) {
        return sent(routes.events(call(tenant, query, "")));
    }

    Sent question(TenantId tenant, Map<String, String> query, String question) {
        return sent(routes.question(call(tenant, query, question)));
    }

    static Call call(TenantId tenant, Map<String, String> query, String body) {
        return new Call(
                "GET",
                "/",
                "http://localhost",
                Map.of(),
                query,
                Map.of(),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                new Credential.SecretKey(tenant, "key"),
                "correlation");
    }

    static Sent sent(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        StreamedBody body = reply.stream();
        if (body == null) {
            throw new AssertionError("the reply is no stream");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Map<String, String> trailers = body.writeTo(bytes);
            return new Sent(bytes.toByteArray(), reply.headers(), trailers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records of RFC 4180, read to the letter: quoted cells keep everything, {@code ""} is a quote. An empty cell without quotes is null. */
    static List<List<String>> csv(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            StringBuilder cell = new StringBuilder();
            if (text.charAt(at) == '"') {
                at++;
                while (text.charAt(at) != '"' || (at + 1 < text.length() && text.charAt(at + 1) == '"')) {
                    at += text.charAt(at) == '"' ? 1 : 0;
                    cell.append(text.charAt(at++));
                }
                at++;
            } else {
                while (text.charAt(at) != ',' && text.charAt(at) != '\r') {
                    cell.append(text.charAt(at++));
                }
            }
            cells.add(cell.toString());
            if (text.charAt(at) == ',') {
                at++;
            } else {
                assertThat(text.substring(at, at + 2)).isEqualTo("\r\n");
                at += 2;
                records.add(List.copyOf(cells));
                cells.clear();
            }
        }
        return records;
    }

    /** What the engine finds in a Parquet file, an object a row. */
    static List<JsonNode> parquet(byte[] file, String columns) {
        EngineAddress address = EngineFixture.shared().address();
        String sql = "SELECT " + columns + " FROM format(Parquet, unhex('"
                + HexFormat.of().formatHex(file)
                + "')) SETTINGS output_format_json_quote_64bit_integers = 0 FORMAT JSONEachRow";
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(address.url() + "/?max_query_size=100000000&database=" + address.database()))
                .header("X-ClickHouse-User", address.writer().user())
                .header("X-ClickHouse-Key", address.writer().password().reveal())
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body().lines().map(QueryFixture::parsed).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static final class UtcDirectory implements TenantDirectory {
        @Override
        public Optional<Credential> authenticate(String presentedKey) {
            return Optional.empty();
        }

        @Override
        public TenantSettings settings(TenantId tenant) {
            return new TenantSettings(ZoneOffset.UTC, DayOfWeek.MONDAY, null, List.of());
        }

        @Override
        public Optional<EventSchema> schema(TenantId tenant, String eventType) {
            return Optional.empty();
        }
    }
}
