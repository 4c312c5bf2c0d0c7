package dev.tidemark.live;

import dev.tidemark.base.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives streams their beat from one thread of its own: refreshes many times a second, reviews each second, heart-beats now and then. */
final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration REVIEW = Duration.ofMillis(500);

    private final ReportStreams streams;
    private final TimeSource time;
    private final Duration heartBeat;
    private final Thread thread = Thread.ofPlatform().name("live").daemon().unstarted(this::run);
    private volatile boolean over;

    Ticker(ReportStreams streams, TimeSource time, Duration heartBeat) {
        this.streams = streams;
        this.time = time;
        this.heartBeat = heartBeat;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }

    private void run() {
        long reviewed = time.nanos();
        long beaten = time.nanos();
        while (!over) {
            try {
                time.sleep(STEP);
                streams.refresh();
                long now = time.nanos();
                if (now - reviewed >= REVIEW.toNanos()) {
                    reviewed = now;
                    streams.reviewSoon();
                }
                if (now - beaten >= heartBeat.toNanos()) {
                    beaten = now;
                    streams.beat();
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException failure) {
                LOG.atError().setCause(failure).log("a beat of the streams failed");
            }
        }
    }
}
