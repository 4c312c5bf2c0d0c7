package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.ByteSize;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervised child, with children of its own. */
@Timeout(60)
final class EngineSupervisorTest {
    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private @Nullable EngineSupervisor supervisor;

    @AfterEach
    void stop() {
        if (supervisor != null) {
            supervisor.close();
        }
    }

    @Test
    void startsAnEngineThatOnlyAnswersToItsOwnPassword() throws IOException {
        EngineSupervisor started = start(EngineFixture.settings(directory));
        assertThat(started.state()).isEqualTo(EngineState.READY);
        assertThat(EnginePing.answers(started.address().url(), Duration.ofSeconds(1)))
                .isTrue();
        assertThat(status(started, null)).isNotEqualTo(200);
        assertThat(status(started, "tidemark_writer:wrong")).isNotEqualTo(200);
        assertThat(status(
                        started,
                        "tidemark_writer:"
                                + started.address().writer().password().reveal()))
                .isEqualTo(200);
    }

    @Test
    void itsFilesBelongToTheOwnerAlone() throws IOException {
        start(EngineFixture.settings(directory.resolve("engine")));
        try (Stream<Path> all = Files.walk(directory.resolve("engine/run"))) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .endsWith("------");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("engine"))))
                .isEqualTo("rwx------");
    }

    @Test
    void startsAKilledEngineAgainUnderTheSameAddress() throws InterruptedException {
        EngineSupervisor started = start(EngineFixture.settings(directory));
        EngineAddress before = started.address();
        BlockingQueue<EngineState> states = new LinkedBlockingQueue<>();
        started.onState(states::add);
        long pid = started.pid().orElseThrow();

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(states.poll(20, TimeUnit.SECONDS)).isEqualTo(EngineState.RESTARTING);
        assertThat(states.poll(20, TimeUnit.SECONDS)).isEqualTo(EngineState.READY);
        assertThat(started.pid().orElseThrow()).isNotEqualTo(pid);
        assertThat(started.address()).isEqualTo(before);
        assertThat(started.restarts()).isEqualTo(1);
        assertThat(meters.counter("tidemark.engine.restarts").count()).isEqualTo(1);
    }

    @Test
    void theEngineIgnoresTheSignalsThatAreMeantForItsServer() throws Exception {
        EngineSupervisor started = start(EngineFixture.settings(directory));
        long pid = started.pid().orElseThrow();
        for (String signal : List.of("-INT", "-TERM", "-HUP")) {
            assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        }
        String login =
                "tidemark_writer:" + started.address().writer().password().reveal();
        assertThat(statusOf(started, login, "SELECT 1")).isEqualTo(200);
        assertThat(started.pid()).contains(pid);
    }

    @Test
    void closingEndsTheProcess() throws Exception {
        EngineSupervisor started = start(EngineFixture.settings(directory));
        ProcessHandle child = ProcessHandle.of(started.pid().orElseThrow()).orElseThrow();
        started.close();
        child.onExit().get(1, TimeUnit.SECONDS);
        assertThat(started.state()).isEqualTo(EngineState.STOPPED);
        assertThat(started.pid()).isEmpty();
    }

    @Test
    void saysThatTheConfiguredPortIsBusy() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EngineSettings settings = withPort(other.getLocalPort());
            assertFailsWith(settings, "port " + other.getLocalPort() + " is in use by another program");
        }
    }

    @Test
    void saysThatTheDataDirectoryIsInUse() {
        start(EngineFixture.settings(directory));
        assertFailsWith(EngineFixture.settings(directory), "data directory is in use by another process");
    }

    @Test
    void saysThatTheLibraryIsMissing() {
        EngineSettings settings = EngineSettings.defaults(directory, directory.resolve("none.so"));
        assertFailsWith(settings, "the engine's library is missing: " + directory.resolve("none.so"));
    }

    @Test
    void saysThatTheLibraryIsForAnotherMachine() throws IOException {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[18] = (byte) (System.getProperty("os.arch").equals("aarch64") ? 0x3e : 0xb7);
        Path foreign = Files.write(directory.resolve("foreign.so"), header);
        assertFailsWith(EngineSettings.defaults(directory, foreign), "the engine's library is for linux");
    }

    @Test
    void theChildEndsWhenItsServerIsKilled() throws Exception {
        EngineSettings settings = EngineFixture.settings(directory);
        Process server = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoneSupervisor.class.getName(),
                        settings.directory().toString(),
                        settings.library().toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String pid = server.inputReader().readLine();
        ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        assertThat(child.isAlive()).isTrue();

        server.destroyForcibly();

        child.onExit().get(15, TimeUnit.SECONDS);
        assertThat(start(settings).state()).isEqualTo(EngineState.READY);
    }

    @Test
    void theSessionsUserReadsNoTableAndNoFile() throws IOException {
        EngineSupervisor started = start(EngineFixture.settings(directory));
        String writer =
                "tidemark_writer:" + started.address().writer().password().reveal();
        assertThat(statusOf(started, writer, "CREATE DATABASE tidemark")).isEqualTo(200);
        assertThat(statusOf(started, writer, "CREATE TABLE tidemark.kept (a UInt8) ENGINE = MergeTree ORDER BY a"))
                .isEqualTo(200);
        assertThat(statusOf(started, "default:", "SELECT * FROM tidemark.kept")).isNotEqualTo(200);
        assertThat(statusOf(started, "default:", "SELECT * FROM file('/etc/passwd', 'LineAsString')"))
                .isNotEqualTo(200);
        assertThat(statusOf(started, "default:", "CREATE DATABASE d")).isNotEqualTo(200);
        String reader =
                "tidemark_reader:" + started.address().reader().password().reveal();
        assertThat(statusOf(started, reader, "SELECT * FROM tidemark.kept")).isEqualTo(200);
        assertThat(statusOf(started, reader, "INSERT INTO tidemark.kept VALUES (1)"))
                .isNotEqualTo(200);
        assertThat(statusOf(started, reader, "SELECT * FROM file('/etc/passwd', 'LineAsString')"))
                .isNotEqualTo(200);
        assertThat(statusOf(started, reader, "SELECT 1 SETTINGS max_execution_time = 3600"))
                .isNotEqualTo(200);
    }

    private EngineSupervisor start(EngineSettings settings) {
        EngineSupervisor started = EngineSupervisor.start(settings, TimeSource.system(), new SecureRandom(), meters);
        supervisor = started;
        return started;
    }

    private EngineSettings withPort(int port) {
        EngineSettings defaults = EngineFixture.settings(directory);
        return new EngineSettings(
                directory,
                defaults.library(),
                port,
                ByteSize.mebibytes(512),
                Duration.ofSeconds(20),
                StoreLimits.defaults());
    }

    private static void assertFailsWith(EngineSettings settings, String words) {
        assertThatThrownBy(() -> EngineSupervisor.start(
                        settings, TimeSource.system(), new SecureRandom(), new SimpleMeterRegistry()))
                .isInstanceOfSatisfying(TidemarkException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(failure.detail()).contains(words).doesNotContain("\n");
                });
    }

    private static int status(EngineSupervisor started, @Nullable String login) throws IOException {
        return statusOf(started, login == null ? "nobody:" : login, "SELECT 1");
    }

    private static int statusOf(EngineSupervisor started, String login, String sql) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) started.address().url().toURL().openConnection();
        connection.setRequestProperty(
                "Authorization",
                "Basic "
                        + java.util.Base64.getEncoder()
                                .encodeToString(login.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        connection.setDoOutput(true);
        connection.getOutputStream().write(sql.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return connection.getResponseCode();
    }
}
