package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is in a cohort, asked of the store. Blocking; thread-safe. Fails as {@link EventStore#query} does. */
public final class CohortPeople {
    private final EventStore store;

    public CohortPeople(EventStore store) {
        this.store = store;
    }

    /**
     * Somebody with events.
     *
     * @param person the number of the person, by which people are in order as unsigned numbers
     * @param userId null of somebody who is known by an anonymous id only
     * @param anonymousId the one that came last; null for none
     * @param traits the latest, by name; empty for somebody without a user id
     */
    public record Member(
            long person,
            @Nullable String userId,
            @Nullable String anonymousId,
            Instant firstSeen,
            Instant lastSeen,
            JsonNode traits) {}

    /** How many members have an event at all; exact. */
    public long size(TenantId tenant, Cohort cohort) {
        Parameters parameters = new Parameters(tenant);
        Select members = new CohortConditions(parameters).members(cohort);
        return store.query(tenant, Select.from(members).column("count()", "n").build())
                .longAt(0, 0);
    }

    /** Those who are members now, as the column {@code person}. */
    public Select persons(TenantId tenant, Cohort cohort) {
        return new CohortConditions(new Parameters(tenant)).members(cohort);
    }

    /**
     * The people behind a step of a funnel, as the column {@code person}.
     *
     * @param from {@code {"question":{funnel},"step","dropped","value"}}, which stands at {@code from}
     */
    public Select personsBehind(TenantId tenant, JsonNode from, QuestionContext context) {
        FunnelPeople behind =
                Fields.within("from", () -> FunnelPeople.read(Fields.of(from, "", FunnelPeople.KNOWN), context));
        return behind.persons(store, tenant, new Parameters(tenant));
    }

    /** How many persons a list has, with events or without. */
    public long listed(TenantId tenant, String list) {
        Parameters parameters = new Parameters(tenant);
        Select count = Select.from(Table.COHORT_MEMBERS, parameters)
                .column("uniqExact(person)", "n")
                .where("list_id = " + parameters.text(list))
                .build();
        return store.query(tenant, count).longAt(0, 0);
    }

    /**
     * A page of members as JSON, by the parameters {@code limit} and {@code cursor}: {@code {"people":[{"user_id",
     * "anonymous_id","first_seen","last_seen","traits"}],"next_cursor"}}.
     */
    public ObjectNode page(TenantId tenant, Cohort cohort, Call call) {
        int limit = ListParameters.limit(call);
        List<Member> members = page(
                tenant,
                cohort,
                call.queryParameter("cursor").map(CohortPeople::person).orElse(0L),
                limit + 1);
        boolean more = members.size() > limit;
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode array = answer.putArray("people");
        for (Member member : more ? members.subList(0, limit) : members) {
            array.addObject()
                    .put("user_id", member.userId())
                    .put("anonymous_id", member.anonymousId())
                    .put("first_seen", member.firstSeen().toString())
                    .put("last_seen", member.lastSeen().toString())
                    .set("traits", member.traits());
        }
        return answer.put(
                "next_cursor",
                more ? Long.toUnsignedString(members.get(limit - 1).person()) : null);
    }

    private static long person(String cursor) {
        try {
            return Long.parseUnsignedLong(cursor);
        } catch (NumberFormatException e) {
            throw Fields.invalid("cursor", "is not a cursor that this list gave");
        }
    }

    /**
     * The next members in their order.
     *
     * @param after the person that the page before ended with; 0 for the first page
     */
    public List<Member> page(TenantId tenant, Cohort cohort, long after, int limit) {
        Parameters parameters = new Parameters(tenant);
        Select page = Select.from(new CohortConditions(parameters).members(cohort))
                .column("person", "person")
                .where("person > toUInt64(" + parameters.text(Long.toUnsignedString(after)) + ")")
                .orderBy("person")
                .limit(limit, 0)
                .build();
        Rows rows = store.query(
                tenant,
                Select.from(Table.EVENTS, parameters)
                        .column("reinterpretAsInt64(person)", "number")
                        .column("max(user_id)", "user")
                        .column("argMaxIf(anonymous_id, ts, anonymous_id != '')", "anonymous")
                        .column("toUnixTimestamp64Milli(min(ts))", "first")
                        .column("toUnixTimestamp64Milli(max(ts))", "last")
                        .where("person IN (" + page.sql() + ")")
                        .groupBy("person")
                        .orderBy("person")
                        .build());
        Map<String, JsonNode> traits = traits(tenant, rows);
        List<Member> members = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            String user = rows.textAt(row, 1);
            String anonymous = rows.textAt(row, 2);
            members.add(new Member(
                    rows.longAt(row, 0),
                    user.isEmpty() ? null : user,
                    anonymous.isEmpty() ? null : anonymous,
                    Instant.ofEpochMilli(rows.longAt(row, 3)),
                    Instant.ofEpochMilli(rows.longAt(row, 4)),
                    traits.getOrDefault(user, AnswerJson.JSON.objectNode())));
        }
        return members;
    }

    private Map<String, JsonNode> traits(TenantId tenant, Rows people) {
        List<String> users = new ArrayList<>();
        for (int row = 0; row < people.size(); row++) {
            if (!people.textAt(row, 1).isEmpty()) {
                users.add(people.textAt(row, 1));
            }
        }
        Map<String, JsonNode> traits = new HashMap<>();
        if (users.isEmpty()) {
            return traits;
        }
        Parameters parameters = new Parameters(tenant);
        Rows rows = store.query(
                tenant,
                Select.from(Table.PROFILES, parameters)
                        .column("user_id", "user")
                        .column("argMax(user_str, position)", "texts")
                        .column("argMax(user_num, position)", "numbers")
                        .column("argMax(user_bool, position)", "flags")
                        .where("user_id IN " + parameters.texts(users))
                        .groupBy("user_id")
                        .build());
        for (int row = 0; row < rows.size(); row++) {
            ObjectNode all = AnswerJson.JSON.objectNode();
            for (int map = 1; map <= 3; map++) {
                EventList.putAll(all, rows.textAt(row, map));
            }
            traits.put(rows.textAt(row, 0), all);
        }
        return traits;
    }
}
