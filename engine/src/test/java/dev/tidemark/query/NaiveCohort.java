package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.Attributes;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who is in a cohort, person by person and event by event, straight from the rules in JSON. */
final class NaiveCohort {
    private final List<StoredEvent> events;
    private final Map<String, JsonNode> definitions;
    private final Map<String, Set<String>> lists;
    private final ZoneId zone;
    private final Instant now;
    private final Map<String, Set<String>> found = new HashMap<>();

    /**
     * With all events of a tenant.
     *
     * @param definitions of the cohorts that may be named, by id
     * @param lists the persons of static ones, by id
     * @param zone the tenant's
     */
    NaiveCohort(
            List<StoredEvent> events,
            Map<String, JsonNode> definitions,
            Map<String, Set<String>> lists,
            ZoneId zone,
            Instant now) {
        this.events = events;
        this.definitions = definitions;
        this.lists = lists;
        this.zone = zone;
        this.now = now;
    }

    List<StoredEvent> events() {
        return events;
    }

    /** All persons there are: those with an event. */
    Set<String> everybody() {
        Set<String> everybody = new TreeSet<>();
        for (StoredEvent event : events) {
            String person = RandomPeople.person(event);
            if (person != null) {
                everybody.add(person);
            }
        }
        return everybody;
    }

    Set<String> membersOf(String id) {
        Set<String> known = found.get(id);
        if (known != null) {
            return known;
        }
        Set<String> members = new TreeSet<>();
        JsonNode definition = definitions.get(id);
        for (String person : everybody()) {
            if (definition == null ? lists.getOrDefault(id, Set.of()).contains(person) : holds(definition, person)) {
                members.add(person);
            }
        }
        found.put(id, members);
        return members;
    }

    private boolean isMember(String id, String person) {
        return membersOf(id).contains(person);
    }

    private boolean holds(JsonNode rule, String person) {
        if (rule.has("and")) {
            boolean all = true;
            for (JsonNode member : rule.get("and")) {
                all &= holds(member, person);
            }
            return all;
        }
        if (rule.has("or")) {
            boolean any = false;
            for (JsonNode member : rule.get("or")) {
                any |= holds(member, person);
            }
            return any;
        }
        if (rule.has("not")) {
            return !holds(rule.get("not"), person);
        }
        if (rule.has("cohort")) {
            return isMember(rule.get("cohort").asText(), person);
        }
        if (rule.has("did")) {
            long times = did(rule.get("did"), person).size();
            JsonNode wanted = rule.get("did").path("times");
            if (wanted.has("at_most")) {
                return times <= wanted.get("at_most").asLong();
            }
            return wanted.has("exactly")
                    ? times == wanted.get("exactly").asLong()
                    : times >= wanted.path("at_least").asLong(1);
        }
        if (rule.has("did_not")) {
            return did(rule.get("did_not"), person).isEmpty();
        }
        if (rule.has("first_did")) {
            return didFirst(rule.get("first_did"), person);
        }
        return NaiveFilter.holds(rule, latestTraits(person));
    }

    private List<StoredEvent> did(JsonNode did, String person) {
        NaiveAnalyst.Span range = range(did.get("range"));
        List<StoredEvent> found = new ArrayList<>();
        for (StoredEvent event : events) {
            if (person.equals(RandomPeople.person(event))
                    && matches(did, event)
                    && (range == null || range.contains(event))) {
                found.add(event);
            }
        }
        return found;
    }

    private boolean didFirst(JsonNode did, String person) {
        NaiveAnalyst.Span range = range(did.get("range"));
        StoredEvent first = null;
        for (StoredEvent event : events) {
            if (person.equals(RandomPeople.person(event))
                    && matches(did, event)
                    && (first == null
                            || event.event().timestampMillis() < first.event().timestampMillis())) {
                first = event;
            }
        }
        return first != null && range != null && range.contains(first);
    }

    /** Whether an event is of a type and passes a filter, which may name cohorts. */
    boolean matches(JsonNode scope, StoredEvent event) {
        JsonNode types = scope.get("event");
        boolean right = types == null;
        if (types != null && types.isTextual()) {
            right = types.asText().equals(event.event().type());
        } else if (types != null) {
            for (JsonNode type : types) {
                right |= type.asText().equals(event.event().type());
            }
        }
        return right && passes(scope.get("filter"), event);
    }

    boolean passes(@Nullable JsonNode filter, StoredEvent event) {
        if (filter == null) {
            return true;
        }
        if (filter.has("cohort")) {
            String person = RandomPeople.person(event);
            return person != null && isMember(filter.get("cohort").asText(), person);
        }
        if (filter.has("not")) {
            return !passes(filter.get("not"), event);
        }
        for (String word : List.of("and", "or")) {
            if (filter.has(word)) {
                boolean all = true;
                boolean any = false;
                for (JsonNode member : filter.get(word)) {
                    boolean passes = passes(member, event);
                    all &= passes;
                    any |= passes;
                }
                return word.equals("and") ? all : any;
            }
        }
        return NaiveFilter.holds(filter, event);
    }

    /** The last identification of the person in the order of the journal; an event without traits for none. */
    private StoredEvent latestTraits(String person) {
        StoredEvent latest = null;
        for (StoredEvent event : events) {
            if (event.event().type().equals("identify")
                    && event.event().userId() != null
                    && person.equals(RandomPeople.person(event))
                    && (latest == null
                            || event.address().offset() > latest.address().offset())) {
                latest = event;
            }
        }
        if (latest != null) {
            return latest;
        }
        StoredEvent any =
                new RandomPeople(new TenantId("nobody"), now, 1).take(1).getFirst();
        return new StoredEvent(any.event(), any.address(), any.person(), Attributes.NONE);
    }

    private NaiveAnalyst.@Nullable Span range(@Nullable JsonNode range) {
        if (range == null) {
            return null;
        }
        if (range.has("last")) {
            String last = range.get("last").asText();
            int count = Integer.parseInt(last.substring(0, last.length() - 1));
            LocalDate end = now.atZone(zone).toLocalDate().plusDays(1);
            LocalDate start = switch (last.charAt(last.length() - 1)) {
                case 'd' -> end.minusDays(count);
                case 'w' -> end.minusDays(7L * count);
                default -> end.minusMonths(count);
            };
            return new NaiveAnalyst.Span(
                    start.atStartOfDay(zone).toInstant(), end.atStartOfDay(zone).toInstant());
        }
        return new NaiveAnalyst.Span(
                time(range.get("start_time").asText(), 0),
                time(range.get("end_time").asText(), 1));
    }

    private Instant time(String text, int more) {
        return text.contains("T")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDate.parse(text).plusDays(more).atStartOfDay(zone).toInstant();
    }
}
