package dev.tidemark.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the viewers of one dashboard were told. The first to hear of a change applies it; the others must hear the same bytes after the
 * same state, so that what is found right for one is right for all. Not thread-safe.
 */
final class Pictures {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REMEMBERED = 512;

    private final CRC32C crc = new CRC32C();
    private final Map<String, Picture> byId = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Picture> eldest) {
            return size() > REMEMBERED;
        }
    };
    private @Nullable Picture newest;

    /** Something that no viewer may be told. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    /** How many widgets of the newest state are kept in which manner, as the stream says. */
    void countModes(Map<String, Integer> widgetsByMode) {
        if (newest != null && newest.report != null) {
            for (JsonNode widget : newest.report.path("widgets")) {
                String mode = widget.at("/live/mode").asText("untold");
                String reason = widget.at("/live/reason").asText("");
                widgetsByMode.merge(reason.isEmpty() ? mode : mode + ": " + reason, 1, Integer::sum);
            }
        }
    }

    /** The state that any viewer heard of last; null before the first. */
    @Nullable
    Picture newest() {
        return newest;
    }

    /** The state that a snapshot tells. */
    Picture snapshot(String id, byte[] data, int from, int to) throws Wrong {
        Picture known = id.isEmpty() ? null : byId.get(id);
        if (known != null && known.report == null) {
            return known;
        }
        JsonNode report = read(data, from, to).get("report");
        if (report == null) {
            throw new Wrong("a snapshot without a report");
        }
        if (known == null) {
            return remember(new Picture(id, report, 0));
        }
        if (!Likeness.same(report, known.report)) {
            throw new Wrong("a snapshot that differs from the changes that led to " + id);
        }
        return known;
    }

    /** The state after a change upon another. */
    Picture change(Picture before, String id, byte[] data, int from, int to) throws Wrong {
        crc.reset();
        crc.update(data, from, to - from);
        int checksum = (int) crc.getValue();
        Picture next = before.next;
        if (next != null) {
            if (!next.id.equals(id) || next.checksum != checksum) {
                throw new Wrong("viewers of one dashboard were told different changes after " + before.id);
            }
            return next;
        }
        JsonNode report = before.report;
        JsonNode patch = read(data, from, to).get("patch");
        if (report == null || patch == null) {
            throw new Wrong("a change that follows on nothing");
        }
        try {
            next = new Picture(id, Patching.apply(report, patch), checksum);
        } catch (IllegalArgumentException e) {
            throw new Wrong(e.getMessage() == null ? "a change that does not fit" : e.getMessage());
        }
        before.report = null;
        before.next = next;
        return remember(next);
    }

    private Picture remember(Picture picture) {
        if (!picture.id.isEmpty()) {
            byId.put(picture.id, picture);
        }
        newest = picture;
        return picture;
    }

    private static JsonNode read(byte[] data, int from, int to) throws Wrong {
        try {
            return JSON.readTree(data, from, to - from);
        } catch (IOException e) {
            throw new Wrong("an event that is no JSON");
        }
    }
}
