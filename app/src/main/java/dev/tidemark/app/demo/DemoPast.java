package dev.tidemark.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the fictional company's past into the journal, once. How far it is stands in a file; a run that was cut short goes on where
 * it ended, with the same events under the same ids. Blocks.
 */
final class DemoPast {
    private static final Logger LOG = LoggerFactory.getLogger(DemoPast.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path marker;
    private final DemoAppender appender;
    private final TenantId tenant;
    private final TimeSource time;

    DemoPast(Path marker, DemoAppender appender, TenantId tenant, TimeSource time) {
        this.marker = marker;
        this.appender = appender;
        this.tenant = tenant;
        this.time = time;
    }

    void load() throws InterruptedException {
        JsonNode known = readMarker();
        Instant end = known.has("end") ? Instant.parse(known.get("end").asText()) : time.instant();
        int done = known.path("days").asInt(0);
        if (done >= History.DAYS) {
            return;
        }
        boolean resumed = known.has("end");
        writeMarker(end, done);
        History history = new History(tenant, end);
        long count = 0;
        for (int day = 1; day <= History.DAYS; day++) {
            List<Event> events = history.nextDay();
            if (day > done) {
                // The day at which an earlier run ended may be in the journal without the marker saying so.
                appender.append(events, resumed && day == done + 1);
                writeMarker(end, day);
                count += events.size();
            }
        }
        LOG.atInfo().addKeyValue("events", count).log("the demo's sample events are in the journal");
    }

    private JsonNode readMarker() {
        try {
            return JSON.readTree(Files.readAllBytes(marker));
        } catch (NoSuchFileException _) {
            return JSON.createObjectNode();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the demo's marker file cannot be read", e);
        }
    }

    private void writeMarker(Instant end, int days) {
        try {
            Path next = marker.resolveSibling(marker.getFileName() + ".new");
            Files.write(next, JSON.writeValueAsBytes(Map.of("end", end.toString(), "days", days)));
            Files.move(next, marker, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "the demo's marker file cannot be written", e);
        }
    }
}
