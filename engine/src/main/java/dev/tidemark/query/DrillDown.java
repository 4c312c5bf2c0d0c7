package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The people or events behind one number of an answer, by page: of the events that the question itself looks at, and of no others.
 * Blocking; thread-safe.
 */
public final class DrillDown {
    private static final List<String> WHO = List.of("user_id", "anonymous_id", "session_id", "user");
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
    private static final Pattern PERSON = Pattern.compile("\\d{1,20}");

    private final EventStore store;
    private final QueryEngine engine;

    public DrillDown(EventStore store, QueryEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    /**
     * The events behind a number, latest first, by the parameters {@code limit} and {@code cursor}.
     *
     * @param at which number: see {@link SpotReader}
     * @param withIds whether to tell who did them
     */
    public ObjectNode events(TenantId tenant, Question question, JsonNode at, boolean withIds, Instant now, Call call) {
        int limit = ListParameters.limit(call);
        Spot spot = new SpotReader(engine, tenant, question, now).read(at);
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = EventList.columns(spot.select(parameters, store, tenant, false));
        ListParameters.cursor(call).ifPresent(cursor -> select.where(before(cursor, parameters)));
        Rows rows = store.query(
                tenant,
                select.orderBy("ts DESC")
                        .orderBy("journal_partition DESC")
                        .orderBy("journal_offset DESC")
                        .limit(limit + 1, 0)
                        .build());
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode events = answer.putArray("events");
        int shown = Math.min(limit, rows.size());
        for (int row = 0; row < shown; row++) {
            ObjectNode event = events.addObject();
            EventList.add(event, rows, row);
            if (!withIds) {
                event.remove(WHO);
            }
        }
        answer.put(
                "next_cursor",
                rows.size() > limit
                        ? new ListParameters.Cursor(
                                        rows.longAt(shown - 1, 0),
                                        rows.longAt(shown - 1, 2) + ":" + rows.longAt(shown - 1, 3))
                                .text()
                        : null);
        return answer;
    }

    /** The people behind a number, those seen last first, by the same parameters; of a funnel's step in the order in which they entered. */
    public ObjectNode people(TenantId tenant, Question question, JsonNode at, Instant now, Call call) {
        int limit = ListParameters.limit(call);
        Spot spot = new SpotReader(engine, tenant, question, now).read(at);
        if (spot.people() instanceof Spot.AtStep step) {
            return FunnelPeopleList.page(
                    store,
                    tenant,
                    step.people(),
                    limit,
                    ListParameters.cursor(call).orElse(null));
        }
        Parameters parameters = new Parameters(tenant);
        Select.Builder select = spot.select(parameters, store, tenant, true)
                .where("person != 0")
                .column("toString(person)", "id")
                .column("toUnixTimestamp64Milli(max(ts))", "last")
                .column("toUnixTimestamp64Milli(min(ts))", "first")
                .column("count()", "n")
                .column("tupleElement(maxIf((ts, user_id), user_id != ''), 2)", "known")
                .column("tupleElement(maxIf((ts, anonymous_id), anonymous_id != ''), 2)", "visitor")
                .groupBy("person");
        ListParameters.cursor(call)
                .ifPresent(cursor -> select.having("(last, person) < (" + parameters.integer(cursor.millis())
                        + ", toUInt64(" + parameters.text(person(cursor)) + "))"));
        Rows rows = store.query(
                tenant,
                select.orderBy("last DESC")
                        .orderBy("person DESC")
                        .limit(limit + 1, 0)
                        .build());
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode people = answer.putArray("people");
        int shown = Math.min(limit, rows.size());
        for (int row = 0; row < shown; row++) {
            ObjectNode person = people.addObject();
            EventList.putText(person, "user_id", rows.textAt(row, 4));
            EventList.putText(person, "anonymous_id", rows.textAt(row, 5));
            person.put("first_at", time(rows.longAt(row, 2)))
                    .put("last_at", time(rows.longAt(row, 1)))
                    .put("events", rows.longAt(row, 3));
        }
        answer.put(
                "next_cursor",
                rows.size() > limit
                        ? new ListParameters.Cursor(rows.longAt(shown - 1, 1), rows.textAt(shown - 1, 0)).text()
                        : null);
        return answer;
    }

    private static String time(long millis) {
        return AnswerJson.time(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private static String person(ListParameters.Cursor cursor) {
        if (!PERSON.matcher(cursor.id()).matches()) {
            throw notOurs();
        }
        return cursor.id();
    }

    private static String before(ListParameters.Cursor cursor, Parameters parameters) {
        Matcher address = ADDRESS.matcher(cursor.id());
        if (!address.matches()) {
            throw notOurs();
        }
        String at = "fromUnixTimestamp64Milli(" + parameters.integer(cursor.millis()) + ", 'UTC')";
        return "ts < " + at + " OR (ts = " + at + " AND (journal_partition, journal_offset) < ("
                + parameters.integer(Long.parseLong(address.group(1))) + ", "
                + parameters.integer(Long.parseLong(address.group(2))) + "))";
    }

    private static TidemarkException notOurs() {
        return Fields.invalid("cursor", "is not a cursor that this list gave");
    }
}
