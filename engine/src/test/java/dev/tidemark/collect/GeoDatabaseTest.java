package dev.tidemark.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ContextField;
import dev.tidemark.base.Event;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.journal.EntryCodec;
import dev.tidemark.journal.MemoryJournal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeoDatabaseTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeDatabase() throws Exception {
        file = directory.resolve("city.mmdb");
        TinyGeoDatabase.write(
                file,
                81,
                Map.of(
                        "country", Map.of("iso_code", "DE", "names", Map.of("en", "Germany")),
                        "subdivisions", List.of(Map.of("iso_code", "BY", "names", Map.of("en", "Bavaria"))),
                        "city", Map.of("names", Map.of("en", "Munich", "de", "München"))));
    }

    @Test
    void findsPlaces() {
        try (GeoDatabase geo = GeoDatabase.open(file)) {
            assertThat(geo.find("81.2.69.142")).isEqualTo(new Place("DE", "Bavaria", "Munich"));
            assertThat(geo.find("82.2.69.142")).isEqualTo(Place.UNKNOWN);
            assertThat(geo.find("::1")).isEqualTo(Place.UNKNOWN);
            assertThat(geo.find("unknown.example")).isEqualTo(Place.UNKNOWN);
            assertThat(geo.find("")).isEqualTo(Place.UNKNOWN);
        }
    }

    @Test
    void honoursTheAddressInTheContextOnlyFromSecretKeys() {
        byte[] body = "{\"event_type\":\"a\",\"context\":{\"ip\":\"81.1.1.1\"}}".getBytes(StandardCharsets.UTF_8);
        try (Desk desk = new Desk(new FixedTenants(), file)) {
            desk.send(body, FixedTenants.SECRET_KEY, null);
            desk.send(body, FixedTenants.WRITE_KEY, null);
            assertThat(((Event) desk.entries().getFirst()).context())
                    .containsEntry(ContextField.COUNTRY, "DE")
                    .containsEntry(ContextField.REGION, "Bavaria")
                    .containsEntry(ContextField.CITY, "Munich");
            assertThat(((Event) desk.entries().getLast()).context()).doesNotContainKey(ContextField.COUNTRY);
        }
    }

    @Test
    void believesAsManyProxiesAsAreTrusted() throws Exception {
        assertThat(context(0, FixedTenants.WRITE_KEY, "81.1.1.1"))
                .doesNotContainKey(ContextField.COUNTRY)
                .containsEntry(ContextField.BROWSER, "curl");
        assertThat(context(1, FixedTenants.WRITE_KEY, "10.0.0.1, 81.1.1.1")).containsEntry(ContextField.COUNTRY, "DE");
        assertThat(context(1, FixedTenants.WRITE_KEY, "81.1.1.1, 10.0.0.1")).doesNotContainKey(ContextField.COUNTRY);
        assertThat(context(2, FixedTenants.WRITE_KEY, "81.1.1.1, 10.0.0.1")).containsEntry(ContextField.COUNTRY, "DE");
        assertThat(context(1, FixedTenants.SECRET_KEY, "81.1.1.1")).isEmpty();
    }

    private Map<ContextField, String> context(int proxies, String key, String forwarded) throws Exception {
        MemoryJournal journal = new MemoryJournal(1);
        CollectConfig config =
                new CollectConfig(file, proxies, CollectConfig.DEFAULT_MAX_IN_FLIGHT, Desk.CONFIG.maskingKey());
        try (CollectServer server = new CollectServer(new FixedTenants(), journal, config, (_, _, _, _) -> Set.of());
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.port + "/api/v1/events"))
                    .headers("X-API-Key", key, "X-Forwarded-For", forwarded, "User-Agent", "curl/8.5.0")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"event_type\":\"a\"}"))
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);
        }
        return ((Event) new EntryCodec().decode(journal.read(0, 0, 1).getFirst().bytes())).context();
    }

    @Test
    void namesAFileThatIsNotADatabase() throws Exception {
        Path wrong = Files.writeString(directory.resolve("wrong.mmdb"), "not a database");
        assertThatThrownBy(() -> GeoDatabase.open(wrong))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("wrong.mmdb");
        assertThatThrownBy(() -> GeoDatabase.open(directory.resolve("missing.mmdb")))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("missing.mmdb");
    }

    @Test
    void worksWithoutADatabase() {
        try (GeoDatabase geo = GeoDatabase.open(null)) {
            assertThat(geo.find("81.2.69.142")).isEqualTo(Place.UNKNOWN);
        }
    }
}
