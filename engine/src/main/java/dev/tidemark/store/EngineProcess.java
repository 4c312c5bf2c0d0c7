package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.host.EngineHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running engine child. Its standard input is its life line: it ends when this process closes it or is gone. Thread-safe. */
final class EngineProcess {
    private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);
    private static final int KEPT_LINES = 40;

    private final Process process;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread reader;
    private volatile @Nullable Trouble trouble;

    /** Why a child cannot serve, in one line for the operator. */
    record Trouble(Kind kind, String message) {
        enum Kind {
            PORT_BUSY,
            DIRECTORY_LOCKED,
            UNUSABLE,
            ENDED
        }
    }

    private EngineProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("engine-output").unstarted(this::readOutput);
    }

    static EngineProcess start(EngineSettings settings, EngineConfiguration files, int port, String password) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                hostClassPath(),
                EngineHost.class.getName(),
                settings.library().toString(),
                "--config-file",
                files.config().toString(),
                "--path",
                files.data().toString(),
                "--listen_host",
                "127.0.0.1",
                "--http_port",
                Integer.toString(port),
                "--log-level",
                "information",
                "--queries-file",
                files.startSql().toString()));
        builder.directory(settings.directory().toFile());
        builder.redirectErrorStream(true);
        try {
            EngineProcess started = new EngineProcess(builder.start());
            started.reader.start();
            started.announce(port, password);
            return started;
        } catch (IOException failure) {
            throw new TidemarkException(
                    ErrorCode.ENGINE_UNAVAILABLE,
                    "the engine's process cannot be started: " + failure.getMessage(),
                    failure);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** What keeps it from serving, once that is known. */
    Optional<Trouble> trouble() {
        Trouble known = trouble;
        if (known != null) {
            return Optional.of(known);
        }
        return process.isAlive() ? Optional.empty() : Optional.of(ended());
    }

    /** Waits until the process has ended; tells whether it has. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets go of the life line, waits for the process to end, and kills it when it does not. */
    void stop(Duration grace) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().addKeyValue("pid", pid()).log("The engine did not end in time and is killed");
                kill();
            }
        } catch (IOException gone) {
            kill();
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Trouble ended() {
        try {
            reader.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        int code = process.isAlive() ? -1 : process.exitValue();
        String words = hostWords();
        return switch (code) {
            case EngineHost.EXIT_LIBRARY,
                    EngineHost.EXIT_ARCHITECTURE,
                    EngineHost.EXIT_PROCESSOR,
                    EngineHost.EXIT_DATA,
                    EngineHost.EXIT_USAGE -> new Trouble(Trouble.Kind.UNUSABLE, words);
            default -> new Trouble(Trouble.Kind.ENDED, "the engine's process ended with code " + code + ": " + words);
        };
    }

    private void announce(int port, String password) throws IOException {
        String login = EngineConfiguration.WRITER + ":" + password;
        String line = "http://127.0.0.1:" + port + "/ Basic "
                + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)) + "\n";
        OutputStream lifeLine = process.getOutputStream();
        try {
            lifeLine.write(line.getBytes(StandardCharsets.UTF_8));
            lifeLine.flush();
        } catch (IOException endedAlready) {
            LOG.atDebug().addKeyValue("pid", pid()).log("The engine ended before it was spoken to");
        }
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
            }
        } catch (IOException closed) {
            LOG.atDebug().addKeyValue("pid", pid()).log("The engine's output ended");
        }
    }

    private void keep(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > KEPT_LINES) {
                lastLines.removeFirst();
            }
        }
        if (line.contains("Address already in use")) {
            trouble = new Trouble(Trouble.Kind.PORT_BUSY, "the engine's port is in use by another program");
        } else if (line.contains("Cannot lock file")) {
            trouble = new Trouble(
                    Trouble.Kind.DIRECTORY_LOCKED, "the engine's data directory is in use by another process");
        }
        boolean fatal = line.contains("<Fatal>");
        (fatal ? LOG.atError() : LOG.atDebug()).addKeyValue("line", line).log("Engine says");
    }

    private String hostWords() {
        synchronized (lastLines) {
            return lastLines.reversed().stream()
                    .filter(line -> line.startsWith("engine-host: "))
                    .findFirst()
                    .or(() -> Optional.ofNullable(lastLines.peekLast()))
                    .map(line -> line.replaceFirst("^engine-host: ", ""))
                    .orElse("it said nothing");
        }
    }

    private static String hostClassPath() {
        try {
            URI place = EngineHost.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(place).toString();
        } catch (URISyntaxException | NullPointerException unknown) {
            throw new TidemarkException(ErrorCode.INTERNAL, "the engine host's program cannot be found", unknown);
        }
    }
}
