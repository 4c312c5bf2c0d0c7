package dev.tidemark.app.config;

import dev.tidemark.app.config.ConfigurationReader.Setting;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Typed access to the settings, which remembers what was asked for so that the rest can be refused. Not thread-safe. */
final class Keys {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+");

    private final Map<String, Setting> settings;
    private final Set<String> known = new LinkedHashSet<>();

    Keys(Map<String, Setting> settings) {
        this.settings = settings;
    }

    String text(String key, String fallback) {
        Setting setting = find(key);
        return setting == null ? fallback : setting.value();
    }

    @Nullable
    String optionalText(String key) {
        Setting setting = find(key);
        return setting == null ? null : setting.value();
    }

    @Nullable
    Secret secret(String key) {
        Setting setting = find(key);
        return setting == null ? null : new Secret(setting.value());
    }

    boolean flag(String key, boolean fallback) {
        Setting setting = find(key);
        if (setting == null) {
            return fallback;
        }
        return switch (setting.value().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, setting, "true or false");
        };
    }

    int number(String key, int fallback, int least, int most) {
        Setting setting = find(key);
        if (setting == null) {
            return fallback;
        }
        try {
            int value = Integer.parseInt(setting.value());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // falls through to the one message for both
        }
        throw wrong(key, setting, "a whole number from " + least + " to " + most);
    }

    ByteSize size(String key, String fallback) {
        Setting setting = find(key);
        try {
            return ByteSize.parse(setting == null ? fallback : setting.value());
        } catch (TidemarkException | ArithmeticException e) {
            if (setting == null) {
                throw e;
            }
            throw wrong(key, setting, "a size such as 512MiB or 20GiB");
        }
    }

    @Nullable
    String optionalUrl(String key) {
        Setting setting = find(key);
        if (setting != null && !ORIGIN.matcher(setting.value()).matches()) {
            throw wrong(key, setting, "a scheme, host and port such as https://stats.example.com");
        }
        return setting == null ? null : setting.value();
    }

    @Nullable
    String optionalTenant(String key) {
        Setting setting = find(key);
        if (setting != null && !TENANT.matcher(setting.value()).matches()) {
            throw wrong(key, setting, "1 to 63 lower-case letters, digits and dashes");
        }
        return setting == null ? null : setting.value();
    }

    @Nullable
    ByteSize optionalSize(String key) {
        Setting setting = find(key);
        return setting == null ? null : size(key, "0");
    }

    Duration duration(String key, String fallback) {
        Setting setting = find(key);
        String text = setting == null ? fallback : setting.value();
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(key, setting, "a duration such as 100ms, 10s, 5m, 1h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    Path path(String key, Path fallback) {
        Path path = optionalPath(key);
        return path == null ? fallback.toAbsolutePath().normalize() : path;
    }

    @Nullable
    Path optionalPath(String key) {
        Setting setting = find(key);
        return setting == null
                ? null
                : Path.of(setting.value()).toAbsolutePath().normalize();
    }

    void failOnUnknown() {
        for (Map.Entry<String, Setting> entry : settings.entrySet()) {
            if (known.stream().noneMatch(key -> ConfigurationReader.lookup(key).equals(entry.getKey()))) {
                Setting setting = entry.getValue();
                throw ConfigurationReader.invalid("unknown key '" + setting.key() + "' in " + setting.origin()
                        + "; known are " + String.join(", ", known));
            }
        }
    }

    private @Nullable Setting find(String key) {
        String lookup = ConfigurationReader.lookup(key);
        known.add(key);
        Setting setting = settings.get(lookup);
        if (setting != null && setting.value().isBlank()) {
            throw ConfigurationReader.invalid("'" + key + "' in " + setting.origin() + " has no value");
        }
        return setting;
    }

    /** Never repeats the value, which may be a secret put under the wrong key. */
    private static TidemarkException wrong(String key, @Nullable Setting setting, String expected) {
        String origin = setting == null ? "the defaults" : setting.origin();
        return ConfigurationReader.invalid("'" + key + "' in " + origin + " must be " + expected);
    }
}
