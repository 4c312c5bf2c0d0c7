package dev.tidemark.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.app.config.DataOption;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which server a command talks to: one that is named, or the one that runs from the same data directory on this machine. */
public final class ServerOptions {
    @Option(names = "--url", paramLabel = "URL", description = "Another server (default: the one that 'up' runs here).")
    private @Nullable URI url;

    @Option(names = "--key", paramLabel = "KEY", description = "Its secret key (default: TIDEMARK_KEY).")
    private @Nullable String key;

    @Mixin
    private DataOption data;

    /** @param home where the installation lies; the data directory's default is beside it */
    public ServerOptions(Path home) {
        this.data = new DataOption(home);
    }

    /** Finds the server. Fails with what is missing. */
    public ApiClient connect(TimeSource time, RandomGenerator random) {
        if (url != null) {
            String secret = key == null ? System.getenv("TIDEMARK_KEY") : key;
            if (secret == null) {
                throw new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION, "--url needs --key, or TIDEMARK_KEY in the environment");
            }
            return new ApiClient(url, new Secret(secret), time, random);
        }
        JsonNode run = local();
        return new ApiClient(
                URI.create(run.path("url").asText()),
                new Secret(key == null ? run.path("secret_key").asText() : key),
                time,
                random);
    }

    /** Where a command keeps what it must remember about the server: with its data, or with the user's own state. */
    public Path memory() {
        if (url == null) {
            return data.directory().resolve("imports");
        }
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return base.resolve("tidemark").resolve(url.getAuthority().replaceAll("[^A-Za-z0-9.-]", "_"));
    }

    private JsonNode local() {
        Path file = data.directory().resolve("run").resolve("server.json");
        try {
            JsonNode run = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (ProcessHandle.of(run.path("pid").asLong()).isPresent()) {
                return run;
            }
        } catch (NoSuchFileException _) {
            // falls through: there is no server
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "cannot read " + file, e);
        }
        throw new TidemarkException(
                ErrorCode.INVALID_CONFIGURATION,
                "no server runs from " + data.directory() + ": start one with ./tidemark up, or give --url and --key");
    }
}
