package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportReading;
import java.time.Instant;
import java.util.List;

/**
 * A report as its readers see it. Everything before the position is in the numbers, and perhaps more.
 *
 * @param generatedAt when the oldest of its numbers were right
 * @param stale whether some numbers are those of before, because the store could not be asked
 * @param widgets in the order of the report; the same objects as long as nothing changes, not to be modified
 */
record Picture(
        Report report,
        ReportReading reading,
        Instant generatedAt,
        boolean stale,
        List<ObjectNode> widgets,
        long position) {
    Picture {
        widgets = List.copyOf(widgets);
    }
}
