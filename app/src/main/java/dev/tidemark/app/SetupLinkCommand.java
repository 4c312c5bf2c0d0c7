package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.app.config.DataOption;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has the server that runs here make a one-time link. */
@Command(
        name = "setup-link",
        description = "Prints a one-time link: to become an administrator, or for a user to choose a new password.",
        mixinStandardHelpOptions = true)
final class SetupLinkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--email",
            paramLabel = "ADDRESS",
            description = "A link for this user to choose a new password, instead of one for a new administrator.")
    private @Nullable String email;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    SetupLinkCommand(Path home) {
        this.data = new DataOption(home);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path root = data.directory();
        JsonNode run = DataDirectory.runningServer(root)
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "no server runs with " + root + ": start it with ./tidemark up"));
        ObjectMapper json = new ObjectMapper();
        String body = email == null
                ? "{}"
                : json.createObjectNode().put("email", email).toString();
        HttpRequest request = HttpRequest.newBuilder(URI.create(run.path("url").asText() + "/api/v1/setup-links"))
                .header("Authorization", "Bearer " + run.path("operator_key").asText())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode answer = json.readTree(response.body());
            if (response.statusCode() != 201) {
                throw new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION,
                        answer.path("detail").asText("the server answered " + response.statusCode()));
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println(answer.path("url").asText());
            out.println("Good once, until " + answer.path("expires_at").asText());
            out.flush();
        } catch (ConnectException _) {
            throw new TidemarkException(ErrorCode.INVALID_CONFIGURATION, "the server does not answer");
        }
        return 0;
    }
}
