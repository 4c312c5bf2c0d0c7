package dev.tidemark.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many files this process may have open, of which every stream is one.
 *
 * @param limit of the operating system
 */
record OpenFiles(long limit) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);
    /** For the journal, the engine, requests and senders; half of all where that is less. */
    private static final long RESERVED = 2_048;

    static OpenFiles ofThisProcess() {
        return new OpenFiles(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Long.MAX_VALUE);
    }

    /** How many streams may be open: as many as are wanted, or fewer, with a warning, so that the rest of the server keeps its files. */
    int streams(int wanted) {
        long room = Math.max(limit / 2, limit - RESERVED);
        if (room >= wanted) {
            return wanted;
        }
        LOG.atWarn()
                .addKeyValue("open_files", limit)
                .addKeyValue("streams", room)
                .addKeyValue("wanted", wanted)
                .log(
                        "the limit of open files allows fewer streams than live.most-streams: raise it (ulimit -Hn, or LimitNOFILE of the service)"
                                + " to at least {}",
                        wanted + RESERVED);
        return (int) room;
    }
}
