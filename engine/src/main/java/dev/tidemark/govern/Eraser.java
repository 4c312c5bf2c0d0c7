package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.collect.Collector;
import dev.tidemark.process.Processor;
import dev.tidemark.store.Deletion;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import dev.tidemark.store.Table;
import dev.tidemark.store.Upkeep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Erases a person from everything that came before the request. The steps, each of which can be repeated:
 *
 * <ol>
 *   <li>{@code mark}: the end of the journal is noted; what lies before it is what is erased.
 *   <li>{@code state}: the processor drops what it has not read yet of the user, and forgets the traits.
 *   <li>{@code drain}: everything before the end is awaited in the store.
 *   <li>{@code letters}: dead letters go, while the events still tell which anonymous ids are the user's; these are marked too.
 *   <li>{@code events}: month by month, with the rollups of the hours concerned made anew.
 *   <li>{@code rest}: profile, places in lists of cohorts, kept answers, the journal behind the end, the files of the state.
 * </ol>
 *
 * The request forgets the user's id once it is done.
 */
public final class Eraser implements JobWork {
    static final String KIND = "erase_person";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** How long the engine keeps the former parts of what was written anew. */
    private static final Duration FORMER_PARTS = Duration.ofMinutes(10);

    private final EventStore store;
    private final Upkeep upkeep;
    private final Processor processor;
    private final Collector collector;
    private final Consumer<TenantId> kept;
    private final TimeSource time;

    /** @param kept forgets the answers that are kept for a tenant */
    public Eraser(
            EventStore store,
            Upkeep upkeep,
            Processor processor,
            Collector collector,
            Consumer<TenantId> kept,
            TimeSource time) {
        this.store = store;
        this.upkeep = upkeep;
        this.processor = processor;
        this.collector = collector;
        this.kept = kept;
        this.time = time;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Permission seenWith() {
        return Permission.PRIVACY_MANAGE;
    }

    static ObjectNode request(String userId) {
        return JsonNodeFactory.instance.objectNode().put("user_id", userId);
    }

    @Override
    public Advance advance(Job job) {
        TenantId tenant = job.tenant();
        String userId = job.request().path("user_id").asText();
        PersonData person = new PersonData(tenant, collector.keptForms(tenant, userId));
        ObjectNode progress = job.progress().deepCopy();
        long before = progress.path("before").asLong();
        return switch (progress.path("step").asText("mark")) {
            case "mark" ->
                new Advance.Further(
                        progress.put("before", processor.endOf(tenant)).put("step", "state"));
            case "state" -> {
                processor.erase(tenant, before, person.userPersons(), person.userIds());
                yield new Advance.Further(progress.put("step", "drain"));
            }
            case "drain" ->
                processor.hasStored(tenant, before)
                        ? new Advance.Further(progress.put("step", "letters"))
                        : new Advance.Later(progress, PAUSE, "what came before is still on its way to the store");
            case "letters" -> letters(person, progress, before);
            case "events" -> events(person, progress, before);
            default -> rest(job, person, progress, before);
        };
    }

    private Advance letters(PersonData person, ObjectNode progress, long before) {
        Set<String> anonymous = person.anonymousIds(store);
        Parameters parameters = new Parameters(person.tenant());
        Select.Builder counted = Select.from(Table.DEAD_LETTERS, parameters).column("count()", "n");
        long found = store.query(
                        person.tenant(),
                        counted.where(person.letters(parameters, anonymous)).build())
                .longAt(0, 0);
        Parameters removing = new Parameters(person.tenant());
        upkeep.delete(Deletion.from(Table.DEAD_LETTERS, removing).where(person.letters(removing, anonymous)));
        Set<Long> persons = new TreeSet<>(person.userPersons());
        persons.addAll(PersonData.anonymousPersons(anonymous));
        processor.erase(person.tenant(), before, persons, List.of());
        ArrayNode numbers = progress.putArray("persons");
        persons.forEach(numbers::add);
        progress.put("anonymous_ids", anonymous.size());
        progress.put("dead_letters", progress.path("dead_letters").asLong() + found);
        return new Advance.Further(progress.put("step", "events"));
    }

    /** The oldest month that has such events. */
    private Advance events(PersonData person, ObjectNode progress, long before) {
        List<Long> persons = persons(progress);
        if (!processor.hasStored(person.tenant(), before)) {
            return new Advance.Later(progress, PAUSE, "what an earlier run had left is still on its way to the store");
        }
        Parameters parameters = new Parameters(person.tenant());
        Rows months = store.query(
                person.tenant(),
                Select.from(Table.EVENTS, parameters)
                        .column("toYYYYMM(ts)", "month")
                        .column("count()", "n")
                        .where(upTo(parameters, before))
                        .where(person.eventsToErase(parameters, persons))
                        .groupBy("month")
                        .orderBy("month")
                        .limit(1, 0)
                        .build());
        if (months.size() == 0) {
            return new Advance.Further(progress.put("step", "rest"));
        }
        Parameters removing = new Parameters(person.tenant());
        Deletion events = Deletion.from(Table.EVENTS, removing)
                .where(upTo(removing, before))
                .where(person.eventsToErase(removing, persons));
        upkeep.removeEvents(events, (int) months.longAt(0, 0));
        progress.put("events", progress.path("events").asLong() + months.longAt(0, 1));
        return new Advance.Further(progress);
    }

    private Advance rest(Job job, PersonData person, ObjectNode progress, long before) {
        TenantId tenant = person.tenant();
        Parameters profile = new Parameters(tenant);
        upkeep.delete(Deletion.from(Table.PROFILES, profile)
                .where("user_id IN " + person.users(profile))
                .where("position < " + profile.integer(before)));
        Parameters members = new Parameters(tenant);
        upkeep.delete(Deletion.from(Table.COHORT_MEMBERS, members)
                .where("toInt64(person) IN " + members.integers(persons(progress))));
        upkeep.forgetStatements();
        kept.accept(tenant);
        boolean whole = processor.purge(tenant, before);
        progress.put(
                "journal",
                whole
                        ? "holds nothing of the person"
                        : "the last thing that was written holds something until the next is, and is never processed again");
        progress.put("gone_from_disk_by", time.instant().plus(FORMER_PARTS).toString());
        progress.remove(List.of("step", "before", "persons"));
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put(
                "person",
                Long.toHexString(Person.ofUser(job.request().path("user_id").asText())));
        return new Advance.Done(request, progress);
    }

    private static String upTo(Parameters parameters, long before) {
        return "journal_offset < " + parameters.integer(before);
    }

    private static List<Long> persons(ObjectNode progress) {
        List<Long> persons = new ArrayList<>();
        progress.path("persons").forEach(person -> persons.add(person.asLong()));
        return persons;
    }
}
