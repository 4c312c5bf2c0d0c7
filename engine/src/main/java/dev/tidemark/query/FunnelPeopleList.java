package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The people behind a step of a funnel by page, in the order in which they entered, with the ids that their events carry. */
final class FunnelPeopleList {
    private final EventStore store;
    private final TenantId tenant;
    private final FunnelPeople people;

    private FunnelPeopleList(EventStore store, TenantId tenant, FunnelPeople people) {
        this.store = store;
        this.tenant = tenant;
        this.people = people;
    }

    static ObjectNode page(EventStore store, TenantId tenant, JsonNode body, QuestionContext context) {
        Fields fields = Fields.of(
                body,
                "",
                Stream.concat(FunnelPeople.KNOWN.stream(), Stream.of("limit", "cursor"))
                        .toList());
        FunnelPeople people = FunnelPeople.read(fields, context);
        int limit = fields.integer("limit", ListParameters.DEFAULT_LIMIT);
        if (limit < 1 || limit > ListParameters.MAX_LIMIT) {
            throw Fields.invalid("limit", "must be a number between 1 and " + ListParameters.MAX_LIMIT);
        }
        return page(
                store,
                tenant,
                people,
                limit,
                fields.text("cursor").map(ListParameters::cursor).orElse(null));
    }

    static ObjectNode page(
            EventStore store, TenantId tenant, FunnelPeople people, int limit, ListParameters.@Nullable Cursor cursor) {
        return new FunnelPeopleList(store, tenant, people).page(limit, cursor);
    }

    private ObjectNode page(int limit, ListParameters.@Nullable Cursor cursor) {
        Rows rows = store.query(tenant, attempts(limit + 1, cursor));
        long found = rows.longAt(0, 4);
        int shown = (int) Math.min(found, limit);
        Map<String, Ids> ids = ids(rows, shown);
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode list = answer.putArray("people");
        FunnelQuestion question = people.question();
        for (int row = 0; row < shown; row++) {
            ObjectNode person = list.addObject();
            Ids known = ids.getOrDefault(rows.textAt(row, 0), new Ids("", ""));
            EventList.putText(person, "user_id", known.user());
            EventList.putText(person, "anonymous_id", known.anonymous());
            if (question.counting() == FunnelQuestion.Counting.SESSIONS) {
                person.put("session_id", rows.textAt(row, 0));
            }
            person.put("entered_at", time(rows.longAt(row, 1)));
            person.put("reached_at", time(rows.longAt(row, 2)));
        }
        if (found > limit) {
            answer.put(
                    "next_cursor",
                    new ListParameters.Cursor(rows.longAt(limit - 1, 1), rows.textAt(limit - 1, 0)).text());
        } else {
            answer.putNull("next_cursor");
        }
        answer.put("total", rows.longAt(0, 3));
        return answer;
    }

    private String time(long millis) {
        return AnswerJson.time(Instant.ofEpochMilli(millis), people.question().zone());
    }

    /** The first attempts after the cursor, one row each with the number of all and of those; a row of nothing where there are none. */
    private Select attempts(int rows, ListParameters.@Nullable Cursor cursor) {
        Parameters parameters = new Parameters(tenant);
        Select all = people.attempts(store, tenant, parameters);
        String attempt = "(entered, unit, reached)";
        String first = cursor == null
                ? "groupArraySorted(" + rows + ")(" + attempt + ")"
                : "groupArraySortedIf(" + rows + ")(" + attempt + ", (entered, unit) > ("
                        + parameters.integer(cursor.millis()) + ", " + unit(cursor.id(), parameters) + "))";
        Select counted = Select.from(all)
                .column("count()", "total")
                .column(first, "first")
                .column("length(first)", "found")
                .build();
        Select each = Select.from(counted)
                .column("arrayJoin(arrayResize(first, greatest(found, 1)))", "attempt")
                .column("total", "total")
                .column("found", "found")
                .build();
        return Select.from(each)
                .column("toString(tupleElement(attempt, 2))", "id")
                .column("tupleElement(attempt, 1)", "entered")
                .column("tupleElement(attempt, 3)", "reached")
                .column("total", "total")
                .column("found", "found")
                .build();
    }

    private String unit(String id, Parameters parameters) {
        String text = parameters.text(id);
        return people.question().counting() == FunnelQuestion.Counting.SESSIONS ? text : "toUInt64OrZero(" + text + ")";
    }

    /** The latest ids among the events that the funnel looks at. */
    private Map<String, Ids> ids(Rows attempts, int count) {
        List<String> units = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            units.add(attempts.textAt(row, 0));
        }
        Map<String, Ids> found = new HashMap<>();
        if (units.isEmpty()) {
            return found;
        }
        Parameters parameters = new Parameters(tenant);
        FunnelQuestion question = people.question();
        boolean sessions = question.counting() == FunnelQuestion.Counting.SESSIONS;
        String column = FunnelEvents.unit(question);
        Select ids = new FunnelEvents(question, parameters)
                .scan()
                .column("toString(" + column + ")", "unit")
                .column("tupleElement(maxIf((ts, user_id), user_id != ''), 2)", "user")
                .column("tupleElement(maxIf((ts, anonymous_id), anonymous_id != ''), 2)", "anonymous")
                .where(column + " IN "
                        + (sessions
                                ? parameters.texts(units)
                                // A cast is a constant to the index, a mapped array is not.
                                : "CAST(" + parameters.texts(units) + ", 'Array(UInt64)')"))
                .groupBy("unit")
                .build();
        Rows rows = store.query(tenant, ids);
        for (int row = 0; row < rows.size(); row++) {
            found.put(rows.textAt(row, 0), new Ids(rows.textAt(row, 1), rows.textAt(row, 2)));
        }
        return found;
    }

    private record Ids(String user, String anonymous) {}
}
