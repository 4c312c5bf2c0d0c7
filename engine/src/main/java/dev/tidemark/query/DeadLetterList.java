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

    private static Select select(TenantId tenant, Call call, int rows) {
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = Select.from(Table.DEAD_LETTERS, parameters)
                .column("dead_letter_id", "id")
                .column("toUnixTimestamp64Milli(received_at)", "at")
                .column("toString(reason)", "why")
                .column("field", "what")
                .column("message", "detail")
                .column("toString(event_type)", "type")
                .column("payload", "body")
                .column("toString(source)", "origin")
                .column("line", "row");
        call.queryParameter("reason").ifPresent(reason -> select.where("reason = " + parameters.text(reason)));
        ListParameters.time(call, "since")
                .ifPresent(since -> select.where("received_at >= " + time(parameters, since)));
        ListParameters.time(call, "until").ifPresent(until -> select.where("received_at < " + time(parameters, until)));
        ListParameters.cursor(call)
                .ifPresent(cursor -> select.where("(received_at, dead_letter_id) < ("
                        + time(parameters, cursor.millis()) + ", " + parameters.text(cursor.id()) + ")"));
        return select.orderBy("received_at DESC")
                .orderBy("dead_letter_id DESC")
                .limit(rows, 0)
                .build();
    }

    private static String time(Parameters parameters, long millis) {
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
    }
}
