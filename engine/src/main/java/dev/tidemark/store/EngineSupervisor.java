package dev.tidemark.store;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.store.EngineProcess.Trouble;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the engine child, watches it, starts it again with growing pauses when it ends or stops answering, and stops it. The
 * child cannot outlive this process, however that ends. The port and the password are chosen once and kept over restarts of
 * the child, unless another program takes a port that was free to choose. Thread-safe.
 */
public final class EngineSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSupervisor.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PING_INTERVAL = Duration.ofMillis(500);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration STOP_GRACE = Duration.ofSeconds(8);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STEADY = Duration.ofSeconds(60);
    private static final int UNANSWERED_PINGS = 10;
    private static final int PASSWORD_BYTES = 24;

    private final EngineSettings settings;
    private final EngineConfiguration files;
    private final TimeSource time;
    private final String password;
    private final Counter restarts;
    private final List<Consumer<EngineState>> listeners = new CopyOnWriteArrayList<>();
    private final Thread watcher =
            Thread.ofPlatform().daemon().name("engine-watch").unstarted(this::watch);

    private volatile EngineState state = EngineState.STARTING;
    private volatile int port;
    private volatile @Nullable EngineProcess process;
    private volatile boolean stopping;

    private EngineSupervisor(EngineSettings settings, TimeSource time, RandomGenerator random, MeterRegistry meters) {
        this.settings = settings;
        this.files = new EngineConfiguration(settings);
        this.time = time;
        Secret given = settings.password();
        this.password = given == null ? drawn(random) : given.reveal();
        this.restarts = Counter.builder("tidemark.engine.restarts")
                .description("How often the engine was started again")
                .register(meters);
        Gauge.builder("tidemark.engine.up", this, supervisor -> supervisor.state == EngineState.READY ? 1 : 0)
                .description("Whether the engine answers")
                .register(meters);
    }

    private static String drawn(RandomGenerator random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Starts the engine and waits until it answers. The generator makes its password, so it must be a secure one.
     *
     * <p>Fails with {@code INVALID_CONFIGURATION} when only the operator can help (port in use, directory in use, library
     * missing or not for this machine), or {@code ENGINE_UNAVAILABLE}; the message is one line for the operator.
     */
    public static EngineSupervisor start(
            EngineSettings settings, TimeSource time, RandomGenerator random, MeterRegistry meters) {
        EngineSupervisor supervisor = new EngineSupervisor(settings, time, random, meters);
        try {
            supervisor.files.write(supervisor.password);
            supervisor.startFirst();
        } catch (InterruptedException interrupted) {
            supervisor.close();
            Thread.currentThread().interrupt();
            throw new TidemarkException(ErrorCode.SHUTTING_DOWN, "interrupted while the engine started", interrupted);
        } catch (RuntimeException failure) {
            supervisor.close();
            throw failure;
        }
        supervisor.watcher.start();
        return supervisor;
    }

    /** Where the engine answers now. */
    public EngineAddress address() {
        return new EngineAddress(
                URI.create("http://127.0.0.1:" + port),
                EngineConfiguration.DATABASE,
                new EngineAddress.Login(EngineConfiguration.WRITER, new Secret(password)),
                new EngineAddress.Login(EngineConfiguration.READER, new Secret(password)));
    }

    public EngineState state() {
        return state;
    }

    /** How often the engine was started again since the start. */
    public long restarts() {
        return (long) restarts.count();
    }

    /** The process id of the child, while there is one. */
    public Optional<Long> pid() {
        EngineProcess current = process;
        return current != null && current.alive() ? Optional.of(current.pid()) : Optional.empty();
    }

    /** Calls the listener at every change of state, on the supervisor's thread. */
    public void onState(Consumer<EngineState> listener) {
        listeners.add(listener);
    }

    /** Stops the engine. Inserts under way must be drained before, because the engine drops them. */
    @Override
    public void close() {
        stopping = true;
        enter(EngineState.STOPPING);
        watcher.interrupt();
        try {
            watcher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        EngineProcess current = process;
        if (current != null) {
            current.stop(STOP_GRACE);
            process = null;
        }
        enter(EngineState.STOPPED);
    }

    private void startFirst() throws InterruptedException {
        long begun = time.nanos();
        long deadline = begun + settings.readyTimeout().toNanos();
        while (true) {
            Optional<Trouble> trouble = startOnce(deadline);
            if (trouble.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("port", port)
                        .addKeyValue("pid", pid().orElse(0L))
                        .addKeyValue(
                                "millis", Duration.ofNanos(time.nanos() - begun).toMillis())
                        .log("The engine is ready");
                return;
            }
            boolean again = switch (trouble.get().kind()) {
                case PORT_BUSY -> settings.port() == 0;
                case DIRECTORY_LOCKED -> time.nanos() - begun < LOCK_PATIENCE.toNanos();
                case UNUSABLE, ENDED -> false;
            };
            if (!again || time.nanos() >= deadline) {
                throw asException(trouble.get());
            }
            time.sleep(FIRST_PAUSE);
        }
    }

    /** Starts a child and waits for its first answer; otherwise tells what is wrong, and no child is left. */
    private Optional<Trouble> startOnce(long deadlineNanos) throws InterruptedException {
        Optional<Trouble> taken = choosePort();
        if (taken.isPresent()) {
            return taken;
        }
        EngineProcess started = EngineProcess.start(settings, files, port, password);
        process = started;
        while (!stopping) {
            Optional<Trouble> trouble = started.trouble();
            if (trouble.isPresent()) {
                discard(started);
                return trouble;
            }
            if (EnginePing.answers(address().url(), Duration.ofSeconds(1))) {
                enter(EngineState.READY);
                return Optional.empty();
            }
            if (time.nanos() >= deadlineNanos) {
                discard(started);
                return Optional.of(new Trouble(
                        Trouble.Kind.ENDED,
                        "the engine did not answer within "
                                + settings.readyTimeout().toSeconds() + " s"));
            }
            time.sleep(POLL);
        }
        throw new InterruptedException("stopping");
    }

    private Optional<Trouble> choosePort() {
        int wanted = port != 0 ? port : settings.port();
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            port = probe.getLocalPort();
            return Optional.empty();
        } catch (IOException busy) {
            if (settings.port() == 0) {
                port = 0;
            }
            return Optional.of(new Trouble(
                    Trouble.Kind.PORT_BUSY, "the engine's port " + wanted + " is in use by another program"));
        }
    }

    private void discard(EngineProcess failed) {
        failed.kill();
        process = null;
    }

    private void watch() {
        Duration pause = FIRST_PAUSE;
        long readySince = time.nanos();
        try {
            while (!stopping) {
                EngineProcess current = process;
                if (current != null && serves(current)) {
                    continue;
                }
                if (stopping) {
                    return;
                }
                enter(EngineState.RESTARTING);
                if (time.nanos() - readySince > STEADY.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                time.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                restart();
                readySince = time.nanos();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Watches the child until it ends or stays silent; then it is gone and this returns false. */
    private boolean serves(EngineProcess current) throws InterruptedException {
        int unanswered = 0;
        while (unanswered < UNANSWERED_PINGS) {
            if (current.awaitEnd(PING_INTERVAL)) {
                LOG.atWarn()
                        .addKeyValue("pid", current.pid())
                        .addKeyValue(
                                "why", current.trouble().map(Trouble::message).orElse(""))
                        .log("The engine ended");
                process = null;
                return false;
            }
            unanswered = EnginePing.answers(address().url(), Duration.ofSeconds(2)) ? 0 : unanswered + 1;
        }
        LOG.atWarn().addKeyValue("pid", current.pid()).log("The engine does not answer and is killed");
        discard(current);
        return false;
    }

    private void restart() throws InterruptedException {
        restarts.increment();
        try {
            files.write(password);
            Optional<Trouble> trouble =
                    startOnce(time.nanos() + settings.readyTimeout().toNanos());
            if (trouble.isEmpty()) {
                LOG.atInfo().addKeyValue("pid", pid().orElse(0L)).log("The engine is ready again");
            } else {
                LOG.atWarn().addKeyValue("why", trouble.get().message()).log("The engine could not be started again");
            }
        } catch (TidemarkException failure) {
            LOG.atWarn().addKeyValue("why", failure.detail()).log("The engine could not be started again");
        }
    }

    private void enter(EngineState next) {
        if (state != next) {
            state = next;
            for (Consumer<EngineState> listener : listeners) {
                try {
                    listener.accept(next);
                } catch (RuntimeException failure) {
                    LOG.atError().setCause(failure).log("A listener of the engine's state failed");
                }
            }
        }
    }

    private TidemarkException asException(Trouble trouble) {
        return switch (trouble.kind()) {
            case PORT_BUSY -> new TidemarkException(ErrorCode.INVALID_CONFIGURATION, trouble.message(), "engine.port");
            case DIRECTORY_LOCKED ->
                new TidemarkException(
                        ErrorCode.INVALID_CONFIGURATION, trouble.message() + ": " + settings.directory(), "data");
            case UNUSABLE ->
                new TidemarkException(ErrorCode.INVALID_CONFIGURATION, trouble.message(), "engine.library");
            case ENDED -> new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, trouble.message());
        };
    }
}
