package dev.tidemark.app.demo;

import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.Journal;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demo's events, past and present, sent in the background from start to close. */
public final class Demo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    private final List<Thread> threads;

    private Demo(List<Thread> threads) {
        this.threads = threads;
    }

    /** @param marker the file that says how much of the past is there */
    public static Demo start(
            Path marker,
            Journal journal,
            EventAllowance allowance,
            TenantId tenant,
            TimeSource time,
            RandomGenerator random) {
        DemoAppender appender = new DemoAppender(journal, allowance, time);
        DemoPast past = new DemoPast(marker, appender, tenant, time);
        DemoTraffic traffic = new DemoTraffic(appender, tenant, time, random);
        return new Demo(List.of(thread("demo-past", past::load), thread("demo-traffic", traffic::run)));
    }

    private static Thread thread(String name, Work work) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (TidemarkException e) {
                LOG.atWarn()
                        .addKeyValue("work", name)
                        .addKeyValue("why", e.detail())
                        .log("the demo stopped sending");
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Something that goes on until it is done or interrupted. */
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }
}
