package dev.tidemark.process;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that something outside fails and once that it works again, however many tries lie between. Thread-safe. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final String what;
    private final AtomicBoolean lasting = new AtomicBoolean();

    Outage(String what) {
        this.what = what;
    }

    void begins(Throwable failure) {
        if (lasting.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("what", what)
                    .addKeyValue("reason", failure.getMessage())
                    .log("processing waits and tries again until this works; the journal keeps accepting");
        }
    }

    void ends() {
        if (lasting.get() && lasting.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("what", what).log("processing goes on");
        }
    }
}
