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
import java.util.Optional;

/** The dead letters of a tenant, newest first, by page. */
final class DeadLetterList {
    private DeadLetterList() {}

    static ObjectNode page(EventStore store, TenantId tenant, Call call) {
        int limit = ListParameters.limit(call);
        Rows rows = store.query(tenant, select(tenant, call, limit + 1));
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode letters = answer.putArray("dead_letters");
        int shown = Math.min(limit, rows.size());
        for (int row = 0; row < shown; row++) {
            add(letters.addObject(), rows, row);
        }
        if (rows.size() > limit) {
            answer.put(
                    "next_cursor",
                    new ListParameters.Cursor(rows.longAt(shown - 1, 1), rows.textAt(shown - 1, 0)).text());
        } else {
            answer.putNull("next_cursor");
        }
        return answer;
    }

    /** The letter of an id, the newest where there are several. */
    static Optional<ObjectNode> one(EventStore store, TenantId tenant, String id) {
        Parameters parameters = new Parameters(tenant);
        Rows rows = store.query(
                tenant,
                columns(parameters)
                        .where("dead_letter_id = " + parameters.text(id))
                        .orderBy("received_at DESC")
                        .limit(1, 0)
                        .build());
        if (rows.size() == 0) {
            return Optional.empty();
        }
        ObjectNode letter = AnswerJson.JSON.objectNode();
        add(letter, rows, 0);
        return Optional.of(letter);
    }

    private static Select select(TenantId tenant, Call call, int rows) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = columns(parameters);
        DeadLetterFilter.of(call).conditions(parameters).forEach(select::where);
        ListParameters.cursor(call)
                .ifPresent(cursor -> select.where("(received_at, dead_letter_id) < ("
                        + time(parameters, cursor.millis()) + ", " + parameters.text(cursor.id()) + ")"));
        return select.orderBy("received_at DESC")
                .orderBy("dead_letter_id DESC")
                .limit(rows, 0)
                .build();
    }

    private static Select.Builder columns(Parameters parameters) {
        return Select.from(Table.DEAD_LETTERS, parameters)
                .column("dead_letter_id", "id")
                .column("toUnixTimestamp64Milli(received_at)", "at")
                .column("toString(reason)", "why")
                .column("field", "what")
                .column("message", "detail")
                .column("toString(event_type)", "type")
                .column("payload", "body")
                .column("toString(source)", "origin")
                .column("line", "row")
                .column("toString(key_id)", "sent_with")
                .column("toString(state)", "now")
                .column("attempts", "tries")
                .column("toUnixTimestamp64Milli(changed_at)", "changed")
                .column("outcome", "last_outcome");
    }

    static String time(Parameters parameters, long millis) {
        return "fromUnixTimestamp64Milli(" + parameters.integer(millis) + ", 'UTC')";
    }

    private static void add(ObjectNode letter, Rows rows, int row) {
        letter.put("id", rows.textAt(row, 0));
        letter.put("received_at", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, 1)), ZoneOffset.UTC));
        letter.put("reason", rows.textAt(row, 2));
        EventList.putText(letter, "field", rows.textAt(row, 3));
        letter.put("message", rows.textAt(row, 4));
        EventList.putText(letter, "event_type", rows.textAt(row, 5));
        letter.put("payload", rows.textAt(row, 6));
        letter.put("source", rows.textAt(row, 7));
        if (rows.longAt(row, 8) == 0) {
            letter.putNull("line");
        } else {
            letter.put("line", rows.longAt(row, 8));
        }
        EventList.putText(letter, "key_id", rows.textAt(row, 9));
        letter.put("state", rows.textAt(row, 10));
        letter.put("attempts", rows.longAt(row, 11));
        if (rows.longAt(row, 11) == 0) {
            letter.putNull("tried_at").putNull("outcome");
        } else {
            letter.put("tried_at", AnswerJson.time(Instant.ofEpochMilli(rows.longAt(row, 12)), ZoneOffset.UTC));
            letter.put("outcome", rows.textAt(row, 13));
        }
    }
}
