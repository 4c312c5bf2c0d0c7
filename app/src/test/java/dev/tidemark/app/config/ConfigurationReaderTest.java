package dev.tidemark.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.app.config.Configuration.AlertMessages;
import dev.tidemark.app.config.Configuration.Auth;
import dev.tidemark.app.config.Configuration.Cache;
import dev.tidemark.app.config.Configuration.Engine;
import dev.tidemark.app.config.Configuration.Fairness;
import dev.tidemark.app.config.Configuration.Geo;
import dev.tidemark.app.config.Configuration.Http;
import dev.tidemark.app.config.Configuration.JournalLimits;
import dev.tidemark.app.config.Configuration.Live;
import dev.tidemark.app.config.Configuration.Metrics;
import dev.tidemark.app.config.Configuration.Oidc;
import dev.tidemark.app.config.Configuration.Processing;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationReaderTest {
    @TempDir
    Path directory;

    @Test
    void everyDefaultIsPinned() {
        assertThat(reader().read())
                .isEqualTo(new Configuration(
                        directory.resolve("data"),
                        null,
                        true,
                        new Http(
                                "127.0.0.1",
                                8080,
                                null,
                                0,
                                Math.max(2, Runtime.getRuntime().availableProcessors()),
                                2_000),
                        new JournalLimits(4, ByteSize.parse("16GiB"), ByteSize.parse("512MiB")),
                        new Processing(20_000, Duration.ofMillis(150), Duration.ofHours(1)),
                        new Engine(null, 0, null, null, null),
                        new Fairness(75),
                        new Cache(ByteSize.parse("64MiB"), Duration.ofSeconds(60), Duration.ofMinutes(10)),
                        new Live(16_000, 12_000, ByteSize.parse("256MiB"), ByteSize.parse("128MiB")),
                        new Geo(null),
                        new Auth(Duration.ofHours(12), Duration.ofDays(14), false),
                        new Oidc(null, "", null, "Single sign-on", "RS256"),
                        new AlertMessages(false),
                        new Metrics(null)));
    }

    @Test
    void everyKeyCanBeSetInTheFile() throws IOException {
        Path file = write("""
                data: /srv/tidemark
                tenant: acme
                demo: false
                http: {host: 0.0.0.0, port: 9000, public-url: "https://stats.example.com", trusted-proxies: 2, event-loops: 3}
                journal: {partitions: 8, max-size: 1GiB, disk-reserve: 64MiB}
                process: {batch-events: 500, linger: 20ms, deduplication-horizon: 2h}
                engine:
                  clickhouse-url: http://writer:hush@clickhouse:8123/events
                  port: 18123
                  password: hush-hush-hush-hush
                  memory-limit: 4GiB
                  library: /opt/libchdb.so
                fairness: {busy-percent: 85}
                cache: {max-size: 8MiB, open-lifetime: 5s, closed-lifetime: 30s}
                live: {most-streams: 50000, most-streams-of-tenant: 9000, memory: 32MiB, memory-of-tenant: 4MiB}
                geo: {database: /srv/city.mmdb}
                auth: {session-idle: 30m, session-lifetime: 7d, private-issuers: true}
                alerts: {private-webhooks: true}
                metrics: {key: a-key-for-prometheus-alone}
                oidc: {issuer: "https://id.example.com", client-id: tidemark, client-secret: hush, name: Acme, algorithm: ES256}
                """);

        assertThat(reader().file(file).read())
                .isEqualTo(new Configuration(
                        Path.of("/srv/tidemark"),
                        "acme",
                        false,
                        new Http("0.0.0.0", 9000, "https://stats.example.com", 2, 3, 0),
                        new JournalLimits(8, ByteSize.parse("1GiB"), ByteSize.parse("64MiB")),
                        new Processing(500, Duration.ofMillis(20), Duration.ofHours(2)),
                        new Engine(
                                new Secret("http://writer:hush@clickhouse:8123/events"),
                                18123,
                                new Secret("hush-hush-hush-hush"),
                                ByteSize.parse("4GiB"),
                                Path.of("/opt/libchdb.so")),
                        new Fairness(85),
                        new Cache(ByteSize.parse("8MiB"), Duration.ofSeconds(5), Duration.ofSeconds(30)),
                        new Live(50_000, 9_000, ByteSize.parse("32MiB"), ByteSize.parse("4MiB")),
                        new Geo(Path.of("/srv/city.mmdb")),
                        new Auth(Duration.ofMinutes(30), Duration.ofDays(7), true),
                        new Oidc("https://id.example.com", "tidemark", new Secret("hush"), "Acme", "ES256"),
                        new AlertMessages(true),
                        new Metrics(new Secret("a-key-for-prometheus-alone"))));
    }

    @Test
    void aKeyForTheMetricsThatIsEasyToGuessStopsTheStart() throws IOException {
        Path file = write("metrics: {key: prometheus}");

        assertThatThrownBy(() -> reader().file(file).read())
                .hasMessageContaining("'metrics.key' must be 20 to 200")
                .hasMessageNotContaining("'prometheus'");
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentWhichWinsOverTheFile() throws IOException {
        Path file = write("http: {port: 1, host: file, event-loops: 7}");

        Http http = reader().file(file)
                .environment(Map.of("TIDEMARK_HTTP_PORT", "2", "TIDEMARK_HTTP_HOST", "environment"))
                .option("http.port", 3, "--port")
                .read()
                .http();

        assertThat(http).isEqualTo(new Http("environment", 3, null, 0, 7, 2_000));
    }

    @Test
    void anUnknownKeyInTheFileStopsTheStartWithItsName() throws IOException {
        Path file = write("journal: {partitons: 4}");

        assertThatThrownBy(() -> reader().file(file).read())
                .hasMessageContaining("unknown key 'journal.partitons'")
                .hasMessageContaining("journal.partitions");
    }

    @Test
    void keysAreKebabCaseOnly() throws IOException {
        Path file = write("journal: {max_size: 1GiB}");

        assertThatThrownBy(() -> reader().file(file).read()).hasMessageContaining("unknown key 'journal.max_size'");
    }

    @Test
    void anUnknownVariableStopsTheStartWithItsName() {
        assertThatThrownBy(() ->
                        reader().environment(Map.of("TIDEMARK_HTTP_PROT", "1")).read())
                .hasMessageContaining("TIDEMARK_HTTP_PROT");
    }

    @Test
    void otherVariablesAreLeftAlone() {
        assertThat(reader().environment(Map.of("PATH", "/bin", "HTTP_PORT", "1"))
                        .read())
                .isEqualTo(reader().read());
    }

    @Test
    void aValueOfTheWrongFormIsNamedWithoutBeingRepeated() {
        Map<String, String> wrong = Map.of(
                "http.port",
                "hush-eighty",
                "demo",
                "hush-maybe",
                "http.public-url",
                "hush",
                "journal.max-size",
                "hush-lots",
                "process.linger",
                "hush-soon",
                "tenant",
                "hush_tenant",
                "engine.memory-limit",
                "hush-most");

        wrong.forEach((key, value) -> assertThatThrownBy(
                        () -> reader().option(key, value, "--option").read())
                .hasMessageContaining("'" + key + "'")
                .hasMessageNotContaining("hush"));
    }

    @Test
    void aNumberOutOfItsRangeIsNamed() {
        assertThatThrownBy(() -> reader().option("http.port", 65_536, "--port").read())
                .hasMessageContaining("'http.port' in --port must be a whole number from 0 to 65535");
    }

    @Test
    void aKeyWithoutAValueIsNamed() throws IOException {
        Path file = write("geo:\n  database:\n");

        assertThatThrownBy(() -> reader().file(file).read()).hasMessageContaining("'geo.database'");
    }

    @Test
    void aListWhereOneValueBelongsIsNamed() throws IOException {
        Path file = write("http: {host: [a, b]}");

        assertThatThrownBy(() -> reader().file(file).read()).hasMessageContaining("'http.host'");
    }

    @Test
    void brokenYamlIsNamedWithItsFile() throws IOException {
        Path file = write("http: {port: ");

        assertThatThrownBy(() -> reader().file(file).read()).hasMessageContaining(file + " is not valid YAML");
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        assertThat(reader().file(write("")).read()).isEqualTo(reader().read());
    }

    @Test
    void thePasswordIsNeverPrinted() {
        Configuration configuration = reader().option(
                        "engine.clickhouse-url", "http://writer:hush@clickhouse:8123", "--clickhouse-url")
                .read();

        assertThat(configuration.toString()).contains("***").doesNotContain("hush");
    }

    private ConfigurationReader reader() {
        return new ConfigurationReader(directory);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("tidemark.yaml"), yaml);
    }
}
