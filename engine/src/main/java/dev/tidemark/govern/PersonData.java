package dev.tidemark.govern;

import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a tenant's data is about one person: what carries the user id, what came before it under an anonymous id that was seen with
 * no other user, and what became of it.
 *
 * @param userIds the forms of one user's id
 */
record PersonData(TenantId tenant, Set<String> userIds) {
    private static final int MOST_ANONYMOUS = 10_000;
    private static final int SHORTEST_SEARCHED = 4;
    private static final List<String> ID_MEMBERS =
            List.of("user_id", "userId", "anonymous_id", "anonymousId", "previousId", "previous_id");

    PersonData {
        userIds = Set.copyOf(userIds);
    }

    /** The anonymous ids that were seen with this user and with no other. */
    Set<String> anonymousIds(EventStore store) {
        Parameters parameters = new Parameters(tenant);
        String seen = Select.from(Table.EVENTS, parameters)
                .column("anonymous_id", "seen")
                .where("user_id IN " + users(parameters))
                .where("anonymous_id != ''")
                .build()
                .sql();
        Rows rows = store.query(
                tenant,
                Select.from(Table.EVENTS, parameters)
                        .column("anonymous_id", "id")
                        .where("anonymous_id IN (" + seen + ")")
                        .where("user_id != ''")
                        .groupBy("anonymous_id")
                        .having("countIf(user_id NOT IN " + users(parameters) + ") = 0")
                        .orderBy("anonymous_id")
                        .limit(MOST_ANONYMOUS, 0)
                        .build());
        Set<String> ids = new TreeSet<>();
        for (int row = 0; row < rows.size(); row++) {
            ids.add(rows.textAt(row, 0));
        }
        return ids;
    }

    Set<Long> userPersons() {
        Set<Long> persons = new TreeSet<>();
        userIds.forEach(id -> persons.add(Person.ofUser(id)));
        return persons;
    }

    static Set<Long> anonymousPersons(Collection<String> anonymousIds) {
        Set<Long> persons = new TreeSet<>();
        anonymousIds.forEach(id -> persons.add(Person.ofAnonymous(id)));
        return persons;
    }

    /** Events of the persons. */
    String events(Parameters parameters, Collection<Long> persons) {
        return "toInt64(person) IN " + parameters.integers(new ArrayList<>(persons)) + " OR user_id IN "
                + users(parameters);
    }

    /** With those of others that say who the user had been. */
    String eventsToErase(Parameters parameters, Collection<Long> persons) {
        return events(parameters, persons) + " OR (event_type = 'alias' AND props_str['previous_id'] IN "
                + users(parameters) + ")";
    }

    /**
     * Dead letters in which one of the ids is that of a person; where the payload is no JSON, in which it stands at all, if it is not
     * too short to tell.
     */
    String letters(Parameters parameters, Collection<String> anonymousIds) {
        List<String> ids = new ArrayList<>(userIds);
        ids.addAll(anonymousIds);
        String given = parameters.texts(ids);
        List<String> conditions = new ArrayList<>();
        for (String member : ID_MEMBERS) {
            conditions.add("trim(BOTH '\"' FROM JSONExtractRaw(payload, '" + member + "')) IN " + given);
            conditions.add("JSONExtractString(payload, '" + member + "') IN " + given);
        }
        List<String> searched =
                ids.stream().filter(id -> id.length() >= SHORTEST_SEARCHED).toList();
        if (!searched.isEmpty()) {
            conditions.add("(NOT isValidJSON(payload) AND arrayExists(id -> position(payload, id) > 0, "
                    + parameters.texts(searched) + "))");
        }
        return String.join(" OR ", conditions);
    }

    String users(Parameters parameters) {
        return parameters.texts(List.copyOf(userIds));
    }
}
