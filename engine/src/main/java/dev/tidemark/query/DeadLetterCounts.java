package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.http.Call;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** How many dead letters there are, by what and over time. */
final class DeadLetterCounts {
    private static final Map<String, String> GROUPS = Map.of(
            "reason", "reason",
            "field", "field",
            "event_type", "event_type",
            "key", "key_id",
            "source", "source");
    private static final Map<String, String> INTERVALS = Map.of("hour", "toStartOfHour", "day", "toStartOfDay");
    private static final int MOST = 5_000;

    private DeadLetterCounts() {}

    static ObjectNode answer(EventStore store, TenantId tenant, Call call) {
        String by = call.queryParameter("by").orElse("reason");
        List<String> names = List.of(by.split(",", -1));
        for (String name : names) {
            if (!GROUPS.containsKey(name)) {
                throw Fields.invalid("by", "must be one or more of reason, field, event_type, key and source");
            }
        }
        String interval = call.queryParameter("interval").orElse("");
        if (!interval.isEmpty() && !INTERVALS.containsKey(interval)) {
            throw Fields.invalid("interval", "must be hour or day");
        }
        Rows rows = store.query(tenant, select(tenant, DeadLetterFilter.of(call), names, interval));
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode counts = answer.putArray("counts");
        for (int row = 0; row < rows.size(); row++) {
            ObjectNode count = counts.addObject();
            if (!interval.isEmpty()) {
                count.put("time", AnswerJson.time(Instant.ofEpochSecond(rows.longAt(row, 1)), ZoneOffset.UTC));
            }
            for (int group = 0; group < names.size(); group++) {
                EventList.putText(count, names.get(group), rows.textAt(row, 2 + group));
            }
            count.put("count", rows.longAt(row, 0));
        }
        return answer;
    }

    private static Select select(TenantId tenant, DeadLetterFilter filter, List<String> names, String interval) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(Table.DEAD_LETTERS, parameters).column("count()", "n");
        select.column(
                interval.isEmpty() ? "0" : "toUnixTimestamp(" + INTERVALS.get(interval) + "(received_at, 'UTC'))",
                "bucket");
        for (String name : names) {
            String column = GROUPS.get(name);
            select.column("toString(" + column + ")", column + "_text").groupBy(column + "_text");
        }
        filter.conditions(parameters).forEach(select::where);
        return select.groupBy("bucket")
                .orderBy("bucket")
                .orderBy("n DESC")
                .limit(MOST, 0)
                .build();
    }
}
