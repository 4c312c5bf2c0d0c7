package dev.tidemark.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the viewers of one loop, or of all, saw. Frames are counted while the window is open; freshness is that of events which were
 * acknowledged in the window, whenever their frame came. Not thread-safe.
 */
final class ViewerTally {
    private static final int SHOWN_FINDINGS = 10;

    private long windowStart = Long.MAX_VALUE;
    private long windowEnd = Long.MAX_VALUE;
    private final Histogram freshnessMicros = new Histogram(LoadLoop.HIGHEST_MICROS, 3);
    private final Map<String, Integer> gone = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    private long deltas;
    private long snapshots;
    private long frameBytes;
    private long firstSnapshots;
    private long firstSnapshotBytes;
    private long heartBeats;
    private long stale;
    private long withoutCount;
    private int dropped;
    private int wrong;

    void open(long atNanos) {
        windowStart = atNanos;
    }

    void close(long atNanos) {
        windowEnd = atNanos;
    }

    /** What a viewer got first. */
    void joined(int bytes) {
        firstSnapshots++;
        firstSnapshotBytes += bytes;
    }

    void delta(long atNanos, int bytes) {
        if (inWindow(atNanos)) {
            deltas++;
            frameBytes += bytes;
        }
    }

    void snapshot(long atNanos, int bytes) {
        if (inWindow(atNanos)) {
            snapshots++;
            frameBytes += bytes;
        }
    }

    /**
     * A frame brought events that its viewer did not know of.
     *
     * @param acknowledgedNanos of the oldest of them; {@link AckLog#NOT_YET} when the frame was faster than the 202
     */
    void fresh(long atNanos, long acknowledgedNanos) {
        if (acknowledgedNanos == AckLog.NOT_YET ? inWindow(atNanos) : inWindow(acknowledgedNanos)) {
            long micros = acknowledgedNanos == AckLog.NOT_YET ? 0 : Math.max(0, atNanos - acknowledgedNanos) / 1000;
            freshnessMicros.recordValue(Math.min(LoadLoop.HIGHEST_MICROS, micros));
        }
    }

    void heartBeat(long atNanos) {
        heartBeats += inWindow(atNanos) ? 1 : 0;
    }

    void stale(long atNanos) {
        stale += inWindow(atNanos) ? 1 : 0;
    }

    /** A frame whose count could not be read, because its widget failed. */
    void withoutCount() {
        withoutCount++;
    }

    /** Something that must never be seen. */
    void wrong(String finding) {
        wrong++;
        if (findings.size() < SHOWN_FINDINGS) {
            findings.add(finding);
        }
    }

    /** @param live whether the viewer had seen anything before it went */
    void gone(String reason, boolean live, long atNanos) {
        gone.merge(reason, 1, Integer::sum);
        dropped += live && atNanos >= windowStart ? 1 : 0;
    }

    void add(ViewerTally other) {
        freshnessMicros.add(other.freshnessMicros);
        other.gone.forEach((reason, count) -> gone.merge(reason, count, Integer::sum));
        findings.addAll(other.findings);
        deltas += other.deltas;
        snapshots += other.snapshots;
        frameBytes += other.frameBytes;
        firstSnapshots += other.firstSnapshots;
        firstSnapshotBytes += other.firstSnapshotBytes;
        heartBeats += other.heartBeats;
        stale += other.stale;
        withoutCount += other.withoutCount;
        dropped += other.dropped;
        wrong += other.wrong;
    }

    private boolean inWindow(long nanos) {
        return nanos >= windowStart && nanos <= windowEnd;
    }

    long deltas() {
        return deltas;
    }

    long snapshots() {
        return snapshots;
    }

    double bytesPerFrame() {
        return deltas + snapshots == 0 ? 0 : (double) frameBytes / (deltas + snapshots);
    }

    double firstSnapshotBytes() {
        return firstSnapshots == 0 ? 0 : (double) firstSnapshotBytes / firstSnapshots;
    }

    long heartBeats() {
        return heartBeats;
    }

    long stale() {
        return stale;
    }

    long uncounted() {
        return withoutCount;
    }

    int dropped() {
        return dropped;
    }

    int wrong() {
        return wrong;
    }

    List<String> findings() {
        return List.copyOf(findings);
    }

    /** How many viewers went, by reason. */
    Map<String, Integer> goneByReason() {
        return Map.copyOf(gone);
    }

    Histogram freshnessMicros() {
        return freshnessMicros;
    }
}
