package dev.tidemark.store;

import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A server that does nothing but supervise an engine, to be killed: prints the engine's process id and waits. */
final class LoneSupervisor {
    private LoneSupervisor() {}

    public static void main(String[] arguments) throws InterruptedException {
        EngineSupervisor supervisor = EngineSupervisor.start(
                EngineSettings.defaults(Path.of(arguments[0]), Path.of(arguments[1])),
                TimeSource.system(),
                new SecureRandom(),
                new SimpleMeterRegistry());
        System.out.println(supervisor.pid().orElseThrow());
        Thread.currentThread().join();
    }
}
