package dev.tidemark.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What came out when the acknowledged events were compared with the stored ones.
 *
 * @param acknowledged events
 * @param lost acknowledged events that are not stored as they were sent
 * @param duplicated stored events beyond one for each acknowledged event
 * @param rollupMismatches values that differ between the answer from rollups and the answer from events
 * @param findings a line for each of the first differences
 */
record Verdict(long acknowledged, long lost, long duplicated, long rollupMismatches, List<String> findings) {
    Verdict {
        findings = List.copyOf(findings);
    }

    boolean clean() {
        return lost == 0 && duplicated == 0 && rollupMismatches == 0;
    }

    ObjectNode toJson(int rounds) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rounds", rounds)
                .put("acknowledged", acknowledged)
                .put("lost", lost)
                .put("duplicated", duplicated)
                .put("rollup_mismatches", rollupMismatches);
    }
}
