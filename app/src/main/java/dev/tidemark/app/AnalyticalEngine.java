package dev.tidemark.app;

import dev.tidemark.app.config.Configuration;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TimeSource;
import dev.tidemark.operate.PartState;
import dev.tidemark.store.ClickHouseStore;
import dev.tidemark.store.EngineAddress;
import dev.tidemark.store.EngineSettings;
import dev.tidemark.store.EngineSupervisor;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The engine that answers questions: a supervised child of this process, or a ClickHouse of the operator's. */
sealed interface AnalyticalEngine extends AutoCloseable {

    /** Starts or finds it. Fails, in one line for the operator, when it cannot be used. */
    static AnalyticalEngine start(
            Configuration.Engine settings,
            Path directory,
            Path home,
            TimeSource time,
            SecureRandom random,
            MeterRegistry meters) {
        Secret url = settings.clickhouseUrl();
        if (url != null) {
            return new External(EngineAddress.parse(url.reveal()));
        }
        Path library = settings.library();
        ByteSize memory = settings.memoryLimit();
        EngineSettings defaults =
                EngineSettings.defaults(directory, library == null ? EngineSettings.libraryUnder(home) : library);
        return new Child(EngineSupervisor.start(
                new EngineSettings(
                        defaults.directory(),
                        defaults.library(),
                        settings.port(),
                        memory == null ? defaults.memory() : memory,
                        defaults.readyTimeout(),
                        defaults.queryLimits(),
                        settings.password()),
                time,
                random,
                meters));
    }

    EngineAddress address();

    /** Whether it answers now. */
    PartState state(ClickHouseStore store);

    @Override
    void close();

    /** Started and watched by this process. */
    record Child(EngineSupervisor supervisor) implements AnalyticalEngine {
        @Override
        public EngineAddress address() {
            return supervisor.address();
        }

        @Override
        public PartState state(ClickHouseStore store) {
            return switch (supervisor.state()) {
                case READY -> store.healthy() ? PartState.READY : new PartState.NotReady("the engine does not answer");
                case STARTING -> new PartState.NotReady("the engine is starting");
                case RESTARTING -> new PartState.NotReady("the engine ended and is started again");
                case STOPPING, STOPPED -> new PartState.NotReady("the engine is stopping");
            };
        }

        @Override
        public void close() {
            supervisor.close();
        }
    }

    /** Run by somebody else. */
    record External(EngineAddress address) implements AnalyticalEngine {
        @Override
        public PartState state(ClickHouseStore store) {
            return store.healthy()
                    ? PartState.READY
                    : new PartState.NotReady("ClickHouse at " + address.url() + " does not answer");
        }

        @Override
        public void close() {}
    }
}
