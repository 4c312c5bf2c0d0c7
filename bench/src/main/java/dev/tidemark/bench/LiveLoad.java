package dev.tidemark.bench;

import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The events beside the viewers: at a fixed rate from the start on, until a window of them is over. */
final class LiveLoad implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(500);
    /** No dashboard's, for connections that no account falls to. */
    private static final int NOBODY = 999_999;

    private final LoadGenerator generator;
    private final double requestsPerSecond;
    private final Duration window;
    private final TimeSource time;
    private final Thread thread = Thread.ofPlatform().name("load").daemon().unstarted(this::run);
    private final CompletableFuture<Long> begun = new CompletableFuture<>();
    private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
    private volatile boolean wanted;

    /** @param eventsPerSecond over all connections */
    LiveLoad(
            LoadGenerator.Shape shape,
            List<AccountShare> shares,
            double eventsPerSecond,
            Duration window,
            TimeSource time)
            throws IOException {
        this.generator = new LoadGenerator(shape, shares, time);
        this.requestsPerSecond = eventsPerSecond / shape.batch();
        this.window = window;
        this.time = time;
    }

    /**
     * Deals the accounts of the dashboards to the connections, an account to one of its tenant's.
     *
     * @param ofTenants the acknowledgements of each tenant; connections are dealt to the tenants in turn
     */
    static List<AccountShare> shares(List<Dashboard> dashboards, List<AckLog> ofTenants, int connections) {
        int tenants = ofTenants.size();
        List<List<AccountShare.Account>> accounts = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            accounts.add(new ArrayList<>());
        }
        int[] dealt = new int[tenants];
        for (Dashboard dashboard : dashboards) {
            int tenant = dashboard.tenant();
            if (dashboard.acknowledged() != ofTenants.get(tenant)) {
                int ofThisTenant = (connections - tenant + tenants - 1) / tenants;
                int connection = tenant + tenants * (dealt[tenant]++ % ofThisTenant);
                accounts.get(connection).add(new AccountShare.Account(dashboard.number(), dashboard.acknowledged()));
            }
        }
        List<AccountShare> shares = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            List<AccountShare.Account> own = accounts.get(i);
            if (own.isEmpty()) {
                own.add(new AccountShare.Account(NOBODY, new AckLog()));
            }
            shares.add(new AccountShare(own, ofTenants.get(i % tenants)));
        }
        return shares;
    }

    void start() {
        thread.start();
    }

    /** Begins the window and waits for its first moment, in nanoseconds. */
    long beginWindow() {
        wanted = true;
        return begun.join();
    }

    /** What the window saw, once its last event is acknowledged. */
    CompletableFuture<LoadResult> result() {
        return result;
    }

    private void run() {
        try {
            while (!wanted) {
                generator.run(STEP, requestsPerSecond);
            }
            begun.complete(time.nanos());
            result.complete(generator.run(window, requestsPerSecond));
        } catch (InterruptedException | RuntimeException e) {
            IOException failure = new IOException("the load failed: " + e.getMessage(), e);
            begun.completeExceptionally(failure);
            result.completeExceptionally(failure);
        }
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        generator.close();
    }
}
