package dev.tidemark.process;

import dev.tidemark.store.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The blocks that the engine kept refusing, of a server that does not run. Once the cause is mended they go back to where they were:
 * the next start sends them again, under their own tokens, so that a block of which a part had arrived does not count twice.
 */
public final class Quarantine implements AutoCloseable {
    private final RocksState state;

    private Quarantine(RocksState state) {
        this.state = state;
    }

    /**
     * One block.
     *
     * @param token by which the log names it
     * @param tenants whose events it holds; none are told of a block of dead letters
     * @param oldestReceivedAt of its rows
     */
    public record Entry(String token, Table table, int rows, List<String> tenants, Instant oldestReceivedAt) {}

    /** Fails with {@code INVALID_CONFIGURATION} while a server uses the directory. */
    public static Quarantine open(Path stateDirectory, InstantSource clock) {
        return new Quarantine(RocksState.open(stateDirectory, clock));
    }

    public List<Entry> entries() {
        return state.quarantined().stream()
                .map(item -> new Entry(
                        item.block().token(),
                        item.block().table(),
                        item.block().rows(),
                        item.touches().stream()
                                .map(touch -> touch.tenant().value())
                                .sorted()
                                .toList(),
                        Instant.ofEpochMilli(item.oldestReceivedAtMillis())))
                .toList();
    }

    /** Has the next start send a block again; tells whether there is one of that token. */
    public boolean release(String token) {
        for (OutboxItem item : state.quarantined()) {
            if (item.block().token().equals(token)) {
                state.release(item);
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        state.close();
    }
}
