package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidemark.http.StreamEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One report that is being watched: its newest state, the changes that led there, and everybody who watches. Readers who come back
 * with the id of a change that is still kept get what followed on it, others the whole state. Thread-safe; never blocks.
 */
final class SharedReport {
    private static final int MAX_KEPT_BYTES = 512 << 10;

    /** A change with its number. */
    private record Kept(long number, StreamEvent event) {}

    private final StreamKey key;
    private final String epoch;
    private final int keptChanges;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Viewer> viewers = new ArrayList<>();
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private long keptBytes;
    private long number;
    private @Nullable Picture picture;
    private @Nullable StreamEvent snapshot;
    private long lateSeconds;
    private long emptySinceMillis;
    private boolean ended;

    /**
     * A report that nobody watches yet.
     *
     * @param epoch different for every one that was ever made
     */
    SharedReport(StreamKey key, String epoch, int keptChanges, long nowMillis) {
        this.key = key;
        this.epoch = epoch;
        this.keptChanges = keptChanges;
        this.emptySinceMillis = nowMillis;
    }

    StreamKey key() {
        return key;
    }

    /** Adds a reader and brings it up to date; false when this has ended meanwhile. There must be a picture. */
    boolean join(Viewer viewer, Optional<String> lastSeen) {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            viewers.add(viewer);
            List<StreamEvent> missed = lastSeen.map(this::after).orElse(null);
            if (missed == null) {
                viewer.show(snapshot());
            } else {
                missed.forEach(viewer::follow);
            }
            if (lateSeconds > 0) {
                viewer.follow(Frames.late(lateSeconds));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(Viewer viewer, long nowMillis) {
        lock.lock();
        try {
            if (viewers.remove(viewer) && viewers.isEmpty()) {
                emptySinceMillis = nowMillis;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends the newest state to a reader who was behind and has room again. */
    void catchUp(Viewer viewer) {
        lock.lock();
        try {
            if (viewer.isBehind() && viewers.contains(viewer) && picture != null) {
                viewer.show(snapshot());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a newer picture and tells the readers what changed; tells whether anything did. Calls do not overlap.
     *
     * @param receipts of the events that it brings
     */
    boolean advance(Picture newer, Receipts receipts) {
        Picture older = picture();
        ArrayNode patch =
                older == null || !older.reading().equals(newer.reading()) ? null : Frames.changes(older, newer);
        lock.lock();
        try {
            if (patch != null && patch.isEmpty()) {
                return false;
            }
            picture = newer;
            snapshot = null;
            number++;
            if (patch == null) {
                kept.clear();
                keptBytes = 0;
                viewers.forEach(viewer -> viewer.show(snapshot()));
                return true;
            }
            StreamEvent change = Frames.delta(id(number), patch, newer.position(), receipts);
            keep(change);
            viewers.forEach(viewer -> viewer.follow(change));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the readers how far the numbers are behind, when that has changed; 0 for not at all. */
    void late(long seconds) {
        lock.lock();
        try {
            if (seconds == lateSeconds) {
                return;
            }
            lateSeconds = seconds;
            StreamEvent event = Frames.late(seconds);
            viewers.forEach(viewer -> viewer.follow(event));
        } finally {
            lock.unlock();
        }
    }

    /** The newest; null before the first. */
    @Nullable
    Picture picture() {
        lock.lock();
        try {
            return picture;
        } finally {
            lock.unlock();
        }
    }

    List<Viewer> viewers() {
        lock.lock();
        try {
            return List.copyOf(viewers);
        } finally {
            lock.unlock();
        }
    }

    int readers() {
        lock.lock();
        try {
            return viewers.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isWatched() {
        lock.lock();
        try {
            return !viewers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends this for good unless somebody watches or has watched since the time; tells whether it has ended. */
    boolean endIfForgotten(long sinceMillis) {
        lock.lock();
        try {
            ended |= viewers.isEmpty() && emptySinceMillis <= sinceMillis;
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the streams of all readers. */
    void end(String reason) {
        List<Viewer> gone;
        lock.lock();
        try {
            ended = true;
            gone = List.copyOf(viewers);
            viewers.clear();
        } finally {
            lock.unlock();
        }
        StreamEvent last = Frames.end(reason);
        gone.forEach(viewer -> viewer.sink().end(last));
    }

    /** The changes after an id; null when it is not of this stream or too old. */
    private @Nullable List<StreamEvent> after(String id) {
        if (!id.startsWith(epoch + ".")) {
            return null;
        }
        String digits = id.substring(epoch.length() + 1);
        long seen = digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
        long oldest = kept.isEmpty() ? number + 1 : kept.getFirst().number();
        if (seen > number || seen < oldest - 1) {
            return null;
        }
        return kept.stream()
                .filter(change -> change.number() > seen)
                .map(Kept::event)
                .toList();
    }

    private void keep(StreamEvent change) {
        kept.addLast(new Kept(number, change));
        keptBytes += change.bytes();
        while (kept.size() > keptChanges || keptBytes > MAX_KEPT_BYTES) {
            keptBytes -= kept.removeFirst().event().bytes();
        }
    }

    private StreamEvent snapshot() {
        StreamEvent made = snapshot;
        if (made == null) {
            if (picture == null) {
                throw new IllegalStateException("there is no picture yet");
            }
            made = Frames.snapshot(id(number), picture);
            snapshot = made;
        }
        return made;
    }

    private String id(long of) {
        return epoch + "." + of;
    }
}
