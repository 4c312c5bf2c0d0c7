package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.app.client.ApiClient;
import dev.tidemark.app.client.ServerOptions;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has a server sign an embed token. */
@Command(name = "token", description = "Prints a signed embed token for a report.", mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Parameters(paramLabel = "REPORT", description = "Id of the report.")
    private String report;

    @Option(names = "--expires-in", paramLabel = "SECONDS", description = "How long it holds (default 3600).")
    private @Nullable Integer expiresIn;

    @Option(names = "--theme", paramLabel = "NAME", description = "light, dark or auto.")
    private @Nullable String theme;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "A site that may embed it; may be given more than once.")
    private List<String> origins = new ArrayList<>();

    @Option(names = "--json", description = "Print the whole answer as JSON.")
    private boolean json;

    private final TimeSource time;
    private final SecureRandom random;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    TokenCommand(Path home, TimeSource time, SecureRandom random) {
        this.server = new ServerOptions(home);
        this.time = time;
        this.random = random;
    }

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer;
        try (ApiClient api = server.connect(time, random)) {
            answer = embedToken(api);
        }
        spec.commandLine()
                .getOut()
                .println(json ? answer.toString() : answer.path("token").asText());
        return 0;
    }

    private JsonNode embedToken(ApiClient api) throws InterruptedException {
        try {
            return api.embedToken(report, expiresIn, theme, origins);
        } catch (TidemarkException failure) {
            if (failure.code() != ErrorCode.NOT_FOUND) {
                throw failure;
            }
            List<String> known = new ArrayList<>();
            for (JsonNode each : api.get("/api/v1/reports").path("reports")) {
                known.add(each.path("report_id").asText() + " ("
                        + each.path("report_name").asText() + ")");
            }
            throw new TidemarkException(
                    ErrorCode.NOT_FOUND,
                    "there is no report " + report + "; this tenant has "
                            + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
    }
}
