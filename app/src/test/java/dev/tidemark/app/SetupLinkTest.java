package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TimeSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first way into a new server, as the operator meets it. */
@Timeout(300)
final class SetupLinkTest {
    @TempDir
    Path directory;

    @Test
    void theServerPrintsALinkUntilThereIsAnAdministratorAndTheCommandMakesMore() throws Exception {
        Path data = directory.resolve("data");
        try (TestedServer server = TestedServer.start(data, "--no-demo")) {
            TestedServer.await("the welcome is printed", () -> server.output().contains("Stop"));
            String printed = secretOf(server.output());
            String made = secretOf(command(data));

            assertThat(accept(server, printed, "a@example.com").status())
                    .as("a newer one took its place")
                    .isEqualTo(404);
            assertThat(accept(server, made, "a@example.com").status()).isEqualTo(200);
            String renewed = secretOf(command(data, "--email", "a@example.com"));
            assertThat(accept(server, renewed, "").status()).isEqualTo(200);
            assertThat(server.output()).doesNotContain(made, renewed, "correct horse");
            server.terminate();
        }
        try (TestedServer again = TestedServer.start(data, "--no-demo")) {
            TestedServer.await("the welcome is printed", () -> again.output().contains("Stop"));
            assertThat(again.output()).doesNotContain("#link=");
        }
    }

    @Test
    void theCommandSaysWhenNoServerRuns() {
        StringWriter err = new StringWriter();
        int code = Main.commandLine(directory, TimeSource.system(), new SecureRandom())
                .setErr(new PrintWriter(err))
                .execute("setup-link", "--data", directory.resolve("none").toString());
        assertThat(code).isNotZero();
        assertThat(err.toString()).contains("no server runs");
    }

    private String command(Path data, String... more) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("setup-link", "--data", data.toString()));
        arguments.addAll(List.of(more));
        int code = Main.commandLine(directory, TimeSource.system(), new SecureRandom())
                .setOut(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    private static TestedServer.Answer accept(TestedServer server, String link, String email) throws Exception {
        return server.post(
                "/api/v1/links/accept",
                "{\"link\":\"" + link + "\",\"email\":\"" + email + "\",\"password\":\"correct horse battery\"}");
    }

    private static String secretOf(String text) {
        Matcher matcher = Pattern.compile("#link=([A-Za-z0-9_-]{43})").matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
