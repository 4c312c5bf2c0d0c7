package dev.tidemark.app.imports;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts identical records, so that the second of two equal lines is an event of its own and the same one on every run. Remembers
 * the last 100,000 distinct records: equal lines of a log share their time and stand close together. Not thread-safe.
 */
final class Occurrences {
    private static final int REMEMBERED = 100_000;

    private final Map<String, Integer> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** A name for this occurrence of the record, stable between runs over the same or a grown file. */
    String name(String record) {
        String content = Hashes.name(record);
        int occurrence = counts.merge(content, 1, Integer::sum);
        return occurrence == 1 ? content : content + "-" + occurrence;
    }
}
