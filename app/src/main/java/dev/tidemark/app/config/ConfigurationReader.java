package dev.tidemark.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tidemark.account.OutboundWeb;
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
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration from an optional YAML file, then the environment, then the command line; the later wins. Keys are
 * dotted kebab-case, as in {@code journal.max-size}; in the environment the same key is {@code TIDEMARK_JOURNAL_MAX_SIZE}. A key
 * that is unknown, empty or of the wrong form stops the start with its name.
 */
public final class ConfigurationReader {
    private static final String PREFIX = "TIDEMARK_";
    private static final Set<String> OF_OTHERS =
            Set.of("TIDEMARK_JAVA_OPTIONS", "TIDEMARK_KEY", "TIDEMARK_URL", "TIDEMARK_CHROMIUM");

    private static final Pattern METRICS_KEY = Pattern.compile("[A-Za-z0-9_-]{20,200}");

    private final Path home;
    private final Map<String, Setting> settings = new TreeMap<>();

    /** @param home where the installation lies; the data directory's default is beside it */
    public ConfigurationReader(Path home) {
        this.home = home;
    }

    /** Adds what a YAML file sets. */
    public ConfigurationReader file(Path file) {
        JsonNode tree;
        try {
            tree = new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw invalid(file + " is not valid YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw invalid("cannot read the configuration file " + file);
        }
        if (tree == null || tree.isMissingNode() || tree.isNull()) {
            return this;
        }
        if (!tree.isObject()) {
            throw invalid(file + " must hold keys and values");
        }
        flatten("", tree, file.toString());
        return this;
    }

    /** Adds the variables that start with {@code TIDEMARK_}. */
    public ConfigurationReader environment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !OF_OTHERS.contains(name)) {
                settings.put(
                        environmentKey(name),
                        new Setting(value, "the environment variable " + name, environmentKey(name)));
            }
        });
        return this;
    }

    /** Adds one option of the command line; null when it was not given. */
    public ConfigurationReader option(String key, @Nullable Object value, String option) {
        if (value != null) {
            settings.put(lookup(key), new Setting(value.toString(), option, key));
        }
        return this;
    }

    /** The whole, checked. */
    public Configuration read() {
        Keys keys = new Keys(settings);
        Configuration configuration = new Configuration(
                keys.path("data", home.resolve("data")),
                keys.optionalTenant("tenant"),
                keys.flag("demo", true),
                new Http(
                        keys.text("http.host", "127.0.0.1"),
                        keys.number("http.port", 8080, 0, 65_535),
                        keys.optionalUrl("http.public-url"),
                        keys.number("http.trusted-proxies", 0, 0, 10),
                        keys.number(
                                "http.event-loops",
                                Math.max(2, Runtime.getRuntime().availableProcessors()),
                                1,
                                512),
                        // All of a proxy's visitors come from its address.
                        keys.number(
                                "http.connections-of-address",
                                keys.number("http.trusted-proxies", 0, 0, 10) > 0
                                        ? 0
                                        : HttpLimits.DEFAULTS.connectionsOfAddress(),
                                0,
                                1_000_000)),
                new JournalLimits(
                        keys.number("journal.partitions", 4, 1, 256),
                        keys.size("journal.max-size", "16GiB"),
                        keys.size("journal.disk-reserve", "512MiB")),
                new Processing(
                        keys.number("process.batch-events", 20_000, 1, 1_000_000),
                        keys.duration("process.linger", "150ms"),
                        keys.duration("process.deduplication-horizon", "1h")),
                new Engine(
                        keys.secret("engine.clickhouse-url"),
                        keys.number("engine.port", 0, 0, 65_535),
                        keys.secret("engine.password"),
                        keys.optionalSize("engine.memory-limit"),
                        keys.optionalPath("engine.library")),
                new Fairness(keys.number("fairness.busy-percent", 75, 0, 100)),
                new Cache(
                        keys.size("cache.max-size", "64MiB"),
                        keys.duration("cache.open-lifetime", "60s"),
                        keys.duration("cache.closed-lifetime", "10m")),
                new Live(
                        keys.number("live.most-streams", 16_000, 1, 1_000_000),
                        keys.number("live.most-streams-of-tenant", 12_000, 1, 1_000_000),
                        keys.size("live.memory", "256MiB"),
                        keys.size("live.memory-of-tenant", "128MiB")),
                new Geo(keys.optionalPath("geo.database")),
                new Auth(
                        keys.duration("auth.session-idle", "12h"),
                        keys.duration("auth.session-lifetime", "14d"),
                        keys.flag("auth.private-issuers", false)),
                oidc(keys, keys.flag("auth.private-issuers", false)),
                new AlertMessages(keys.flag("alerts.private-webhooks", false)),
                metrics(keys));
        keys.failOnUnknown();
        return configuration;
    }

    private static Metrics metrics(Keys keys) {
        Secret key = keys.secret("metrics.key");
        if (key != null && !METRICS_KEY.matcher(key.reveal()).matches()) {
            throw invalid("'metrics.key' must be 20 to 200 letters, digits, dashes and underscores");
        }
        return new Metrics(key);
    }

    private static Oidc oidc(Keys keys, boolean privateIssuers) {
        Oidc oidc = new Oidc(
                keys.optionalText("oidc.issuer"),
                keys.text("oidc.client-id", ""),
                keys.secret("oidc.client-secret"),
                keys.text("oidc.name", "Single sign-on"),
                keys.text("oidc.algorithm", "RS256"));
        if (oidc.issuer() != null && oidc.clientId().isEmpty()) {
            throw invalid("'oidc.client-id' is needed with 'oidc.issuer'");
        }
        if (oidc.issuer() != null) {
            askable(oidc.issuer(), privateIssuers);
        }
        if (!oidc.algorithm().equals("RS256") && !oidc.algorithm().equals("ES256")) {
            throw invalid("'oidc.algorithm' must be RS256 or ES256");
        }
        return oidc;
    }

    private static void askable(String issuer, boolean privateIssuers) {
        try {
            URI _ = new OutboundWeb(privateIssuers).checked(issuer, "oidc.issuer");
        } catch (TidemarkException refused) {
            throw invalid("'oidc.issuer' " + refused.detail() + " (auth.private-issuers)");
        }
    }

    private void flatten(String at, JsonNode node, String origin) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = at.isEmpty() ? member.getKey() : at + "." + member.getKey();
            JsonNode value = member.getValue();
            if (value.isObject()) {
                flatten(key, value, origin);
            } else if (value.isArray()) {
                throw invalid("'" + key + "' in " + origin + " must be one value, not a list");
            } else {
                settings.put(lookup(key), new Setting(value.isNull() ? "" : value.asText(), origin, key));
            }
        }
    }

    /** One form for keys of all origins, because the environment cannot tell dots from dashes. */
    static String lookup(String key) {
        return key.indexOf('_') >= 0 ? "\0" + key : key.replace('.', '_').replace('-', '_');
    }

    private static String environmentKey(String name) {
        return name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorCode.INVALID_CONFIGURATION, message);
    }

    /**
     * One value as it was given.
     *
     * @param origin where, in words
     * @param key as it was written there
     */
    record Setting(String value, String origin, String key) {}
}
