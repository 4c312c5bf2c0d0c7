package dev.tidemark.store;

import dev.tidemark.base.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on an engine that is known by its URL alone. */
final class ExternalEventStoreTest extends AbstractEventStoreContract {
    @TempDir
    private static @Nullable Path directory;

    private static @Nullable EngineSupervisor elsewhere;
    private static @Nullable ClickHouseStore store;

    @BeforeAll
    static void connectByUrl() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        EngineSupervisor engine = EngineSupervisor.start(
                EngineFixture.settings(present(directory)), TimeSource.system(), new SecureRandom(), meters);
        elsewhere = engine;
        EngineAddress.Login login = engine.address().writer();
        String url = "http://" + login.user() + ":" + login.password().reveal() + "@127.0.0.1:"
                + engine.address().url().getPort() + "/tidemark";
        EngineAddress address = EngineAddress.parse(url);
        store = new ClickHouseStore(() -> address, StoreLimits.defaults(), TimeSource.system(), meters);
    }

    @AfterAll
    static void disconnect() {
        present(store).close();
        present(elsewhere).close();
    }

    @Override
    protected EventStore store() {
        return present(store);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("the engine was not started");
        }
        return value;
    }
}
