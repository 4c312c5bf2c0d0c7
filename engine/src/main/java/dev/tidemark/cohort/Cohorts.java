package dev.tidemark.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Call;
import dev.tidemark.query.Cohort;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.CohortPeople;
import dev.tidemark.query.CohortReader;
import dev.tidemark.query.KnownCohorts;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.SavedCohort;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Select;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Defines cohorts. Whoever names the version that was seen gets {@code CONFLICT} when it is no longer the newest. Blocking;
 * thread-safe.
 */
public final class Cohorts implements CohortDirectory {
    static final int MAX_COHORTS = 500;
    static final int MAX_MEMBERS = 5_000_000;
    private static final int MAX_DEFINITION_CHARACTERS = 32_768;
    private static final int KEPT_COHORTS = 5_000;

    private final CohortStore store;
    private final TenantDirectory directory;
    private final TimeSource clock;
    private final UuidV7 ids;
    private final MemberLists lists;
    private final CohortPeople people;
    private final Map<TenantId, AtomicLong> revisions = new ConcurrentHashMap<>();
    private final Cache<Place, Optional<DefinedCohort>> kept =
            Caffeine.newBuilder().maximumSize(KEPT_COHORTS).build();

    public Cohorts(CohortStore store, EventStore events, TenantDirectory directory, TimeSource clock, UuidV7 ids) {
        this.store = store;
        this.directory = directory;
        this.clock = clock;
        this.ids = ids;
        this.lists = new MemberLists(store, events, ids);
        this.people = new CohortPeople(events);
    }

    /** The cohort; {@code NOT_FOUND} when the tenant has none of that id. */
    public DefinedCohort find(TenantId tenant, CohortId id) {
        return known(tenant, id)
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such cohort"));
    }

    /** The tenant's cohorts, oldest first. */
    public List<DefinedCohort> list(TenantId tenant) {
        return store.list(tenant);
    }

    /** The cohort with what it means at this moment. */
    public Cohort resolved(TenantId tenant, CohortId id) {
        find(tenant, id);
        return CohortReader.resolve(id.value(), "cohort", context(tenant));
    }

    @Override
    public KnownCohorts of(TenantId tenant) {
        return new OfTenant(tenant);
    }

    /**
     * Makes a cohort from its JSON form: {@code {"name","description","kind":"dynamic","definition"}}, or {@code "static"} with
     * {@code user_ids} and {@code anonymous_ids}, or with {@code from}, a definition or a step of a funnel whose people of this
     * moment are taken.
     */
    public DefinedCohort create(TenantId tenant, JsonNode body) {
        CohortDraft draft = CohortDraft.read(body);
        if (draft.kind() == null) {
            throw CohortDraft.invalid("must be dynamic or static", "kind");
        }
        requireRoom(tenant);
        CohortId id = new CohortId(ids.next().toString());
        if (draft.kind().equals("dynamic")) {
            return added(tenant, id, draft, new DefinedCohort.Dynamic(definition(draft, context(tenant))));
        }
        refuseDefinition(draft);
        CohortDraft.Members members = draft.members();
        if (members == null) {
            throw CohortDraft.invalid("a static cohort needs user_ids, anonymous_ids or from", "user_ids");
        }
        return added(tenant, id, draft, filling(tenant, members));
    }

    /** Makes a static cohort of the persons of a statement, which has the column {@code person}. */
    public DefinedCohort saveFrom(TenantId tenant, String name, String description, Select persons) {
        requireRoom(tenant);
        CohortDraft draft = new CohortDraft(name, description, "static", null, null);
        CohortId id = new CohortId(ids.next().toString());
        return added(tenant, id, draft, list -> lists.add(tenant, list, persons));
    }

    /** Replaces name, description and what makes a member; a static cohort keeps its list where the body names no members. */
    public DefinedCohort replace(TenantId tenant, CohortId id, OptionalLong seen, JsonNode body) {
        DefinedCohort before = find(tenant, id);
        requireSeen(before, seen);
        CohortDraft draft = CohortDraft.read(body);
        if (draft.kind() != null && !draft.kind().equals(before.content().kind())) {
            throw CohortDraft.invalid("a cohort stays " + before.content().kind(), "kind");
        }
        switch (before.content()) {
            case DefinedCohort.Dynamic _ -> {
                QuestionContext context = context(tenant).within(id.value());
                changed(before, draft, new DefinedCohort.Dynamic(definition(draft, context)));
            }
            case DefinedCohort.Static content -> {
                refuseDefinition(draft);
                CohortDraft.Members members = draft.members();
                if (members == null) {
                    changed(before, draft, content);
                } else {
                    lists.make(
                            tenant,
                            filling(tenant, members),
                            list -> changed(before, draft, new DefinedCohort.Static(list)));
                }
            }
        }
        return find(tenant, id);
    }

    /** Adds persons to a static cohort: {@code {"user_ids","anonymous_ids"}}. */
    public DefinedCohort addMembers(TenantId tenant, CohortId id, OptionalLong seen, JsonNode body) {
        Call.onlyKnownFields(body, "", List.of("user_ids", "anonymous_ids", "version"));
        DefinedCohort before = find(tenant, id);
        requireSeen(before, seen);
        if (!(before.content() instanceof DefinedCohort.Static content)) {
            throw new TidemarkException(ErrorCode.CONFLICT, "only a static cohort has a list to add to");
        }
        List<Long> persons = CohortDraft.persons(body);
        if (persons.isEmpty()) {
            throw CohortDraft.invalid("name somebody in user_ids or anonymous_ids", "user_ids");
        }
        MemberLists.requireRoom(people.listed(tenant, content.list().value()) + persons.size());
        lists.add(tenant, content.list(), persons);
        CohortDraft same = new CohortDraft(before.name(), before.description(), null, null, null);
        changed(before, same, content);
        return find(tenant, id);
    }

    /** Removes a cohort for good. One that another cohort is made of cannot be removed; reports that name it say so in its place. */
    public void remove(TenantId tenant, CohortId id, OptionalLong seen) {
        requireSeen(find(tenant, id), seen);
        List<String> users = store.list(tenant).stream()
                .filter(other -> !other.id().equals(id) && names(other, id))
                .map(DefinedCohort::name)
                .toList();
        if (!users.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "other cohorts are made of this one: " + String.join(", ", users));
        }
        boolean removed = store.remove(tenant, id);
        forget(tenant, id);
        lists.sweep();
        if (!removed) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such cohort");
        }
    }

    /** Removes what a crash left behind. Does not fail: what cannot be removed now is removed later. */
    public void sweep() {
        lists.sweep();
    }

    private DefinedCohort added(TenantId tenant, CohortId id, CohortDraft draft, Consumer<MemberList> filling) {
        lists.make(tenant, filling, list -> added(tenant, id, draft, new DefinedCohort.Static(list)));
        return find(tenant, id);
    }

    private DefinedCohort added(TenantId tenant, CohortId id, CohortDraft draft, DefinedCohort.Content content) {
        Instant now = now();
        DefinedCohort cohort = new DefinedCohort(tenant, id, draft.name(), draft.description(), content, 1, now, now);
        store.add(cohort);
        forget(tenant, id);
        return cohort;
    }

    private void changed(DefinedCohort before, CohortDraft draft, DefinedCohort.Content content) {
        boolean stored = store.replace(before.changed(draft.name(), draft.description(), content, now()));
        forget(before.tenant(), before.id());
        if (!stored) {
            throw changedMeanwhile();
        }
    }

    private Consumer<MemberList> filling(TenantId tenant, CohortDraft.Members members) {
        return switch (members) {
            case CohortDraft.Given given -> list -> lists.add(tenant, list, given.persons());
            case CohortDraft.Found found -> {
                Select persons = persons(tenant, found.from());
                yield list -> lists.add(tenant, list, persons);
            }
        };
    }

    private Select persons(TenantId tenant, JsonNode from) {
        if (!from.isObject() || from.hasNonNull("definition") == from.hasNonNull("question")) {
            throw CohortDraft.invalid("must have either a definition, or a funnel as question", "from");
        }
        if (from.hasNonNull("question")) {
            return people.personsBehind(tenant, from, context(tenant));
        }
        Call.onlyKnownFields(from, "from", List.of("definition"));
        return people.persons(
                tenant,
                new Cohort("", "", 0, CohortReader.read(from.get("definition"), "from.definition", context(tenant))));
    }

    private static JsonNode definition(CohortDraft draft, QuestionContext context) {
        JsonNode definition = draft.definition();
        if (definition == null) {
            throw CohortDraft.invalid("is missing", "definition");
        }
        if (draft.members() != null) {
            throw CohortDraft.invalid("a dynamic cohort has no list", "kind");
        }
        if (definition.toString().length() > MAX_DEFINITION_CHARACTERS) {
            throw CohortDraft.invalid(
                    "a definition has at most " + MAX_DEFINITION_CHARACTERS + " characters", "definition");
        }
        CohortReader.read(definition, "definition", context);
        return definition;
    }

    private static void refuseDefinition(CohortDraft draft) {
        if (draft.definition() != null) {
            throw CohortDraft.invalid(
                    "a static cohort has no definition; name one in from to take its members", "definition");
        }
    }

    private void requireRoom(TenantId tenant) {
        if (store.list(tenant).size() >= MAX_COHORTS) {
            throw new TidemarkException(ErrorCode.CONFLICT, "there are " + MAX_COHORTS + " cohorts already");
        }
    }

    private static boolean names(DefinedCohort cohort, CohortId id) {
        return cohort.content() instanceof DefinedCohort.Dynamic dynamic
                && dynamic.definition().findValuesAsText("cohort").contains(id.value());
    }

    private static void requireSeen(DefinedCohort cohort, OptionalLong seen) {
        if (seen.isPresent() && seen.getAsLong() != cohort.version()) {
            throw changedMeanwhile();
        }
    }

    private static TidemarkException changedMeanwhile() {
        return new TidemarkException(
                ErrorCode.CONFLICT, "somebody else has changed the cohort; fetch it again and repeat the change");
    }

    private QuestionContext context(TenantId tenant) {
        TenantSettings settings = directory.settings(tenant);
        return QuestionContext.plain(clock.instant(), settings.zone(), settings.weekStart(), of(tenant));
    }

    private Optional<DefinedCohort> known(TenantId tenant, CohortId id) {
        return kept.asMap().computeIfAbsent(new Place(tenant, id), _ -> store.find(tenant, id));
    }

    private void forget(TenantId tenant, CohortId id) {
        kept.invalidate(new Place(tenant, id));
        revisions.computeIfAbsent(tenant, _ -> new AtomicLong()).incrementAndGet();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private record Place(TenantId tenant, CohortId id) {}

    private final class OfTenant implements KnownCohorts {
        private final TenantId tenant;

        private OfTenant(TenantId tenant) {
            this.tenant = tenant;
        }

        @Override
        public Optional<SavedCohort> find(String id) {
            return known(tenant, new CohortId(id)).map(DefinedCohort::saved);
        }

        @Override
        public long revision() {
            AtomicLong revision = revisions.get(tenant);
            return revision == null ? 0 : revision.get();
        }
    }
}
