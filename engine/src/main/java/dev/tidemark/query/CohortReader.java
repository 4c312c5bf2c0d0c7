package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads cohorts from JSON and resolves what depends on the moment. Ranges are those of the tenant's zone, whatever the zone and the
 * range of the question are, so that a cohort has the same members in all widgets of a report.
 *
 * <p>A rule is {@code {"and":[rule]}}, {@code {"or":[rule]}}, {@code {"not":rule}}, {@code {"did":{...}}}, {@code
 * {"did_not":{...}}}, {@code {"first_did":{...}}}, {@code {"property":"user.x","operator","value"}} or {@code {"cohort":id}}.
 */
public final class CohortReader {
    static final int MAX_DEPTH = 10;
    /** Conditions of one cohort, those of cohorts within included. */
    static final int MAX_WEIGHT = 50;
    /** Cohorts within cohorts. */
    static final int MAX_NESTING = 5;

    private static final long MAX_TIMES = 1_000_000_000L;

    private final QuestionContext context;
    private int weight;

    private CohortReader(QuestionContext context) {
        this.context = context;
    }

    /**
     * Reads a rule.
     *
     * @param path where it stands, for failures
     */
    public static CohortRule read(JsonNode node, String path, QuestionContext context) {
        return new CohortReader(context.forCohorts()).rule(node, path, 1);
    }

    /** The cohort of an id; {@code INVALID_FIELD} where the tenant has none. */
    public static Cohort resolve(String id, String path, QuestionContext context) {
        List<String> within = context.cohorts() instanceof Within nested ? nested.ids : List.of();
        if (within.contains(id)) {
            throw Fields.invalid(path, "a cohort cannot be defined by itself");
        }
        if (within.size() >= MAX_NESTING) {
            throw Fields.invalid(path, "cohorts can be nested at most " + MAX_NESTING + " deep");
        }
        SavedCohort saved =
                context.cohorts().find(id).orElseThrow(() -> Fields.invalid(path, "there is no cohort of this id"));
        return new Cohort(id, saved.name(), saved.version(), rule(saved, path, context));
    }

    private static CohortRule rule(SavedCohort saved, String path, QuestionContext context) {
        return switch (saved.content()) {
            case SavedCohort.Static list -> new CohortRule.Listed(list.list());
            case SavedCohort.Dynamic dynamic -> {
                try {
                    yield read(dynamic.definition(), "definition", context.within(saved.id()));
                } catch (TidemarkException e) {
                    if (e.code() != ErrorCode.INVALID_FIELD) {
                        throw e;
                    }
                    throw Fields.invalid(
                            path,
                            "the cohort '" + Fields.abbreviated(saved.name()) + "' cannot be used: "
                                    + e.field().map(field -> field + " ").orElse("") + e.detail());
                }
            }
        };
    }

    private CohortRule rule(JsonNode node, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw Fields.invalid(path, "rules can be nested at most " + MAX_DEPTH + " deep");
        }
        Fields fields = Fields.open(node, path);
        for (String word : List.of("and", "or")) {
            if (fields.has(word)) {
                Fields.of(node, path, List.of(word));
                List<CohortRule> members = members(fields, word, depth);
                return word.equals("and") ? new CohortRule.All(members) : new CohortRule.Any(members);
            }
        }
        if (fields.has("not")) {
            Fields.of(node, path, List.of("not"));
            return new CohortRule.Not(rule(fields.required("not"), fields.at("not"), depth + 1));
        }
        return weighed(condition(node, fields), path);
    }

    private List<CohortRule> members(Fields fields, String word, int depth) {
        List<CohortRule> members = new ArrayList<>();
        List<JsonNode> nodes = fields.list(word);
        if (nodes.isEmpty()) {
            throw Fields.invalid(fields.at(word), "needs at least one rule");
        }
        for (int i = 0; i < nodes.size(); i++) {
            members.add(rule(nodes.get(i), fields.at(word) + "[" + i + "]", depth + 1));
        }
        return members;
    }

    private CohortRule weighed(CohortRule rule, String path) {
        weight += rule.weight();
        if (weight > MAX_WEIGHT) {
            throw Fields.invalid(
                    path,
                    "a cohort can be made of at most " + MAX_WEIGHT
                            + " conditions, those of the cohorts in it included");
        }
        return rule;
    }

    private CohortRule condition(JsonNode node, Fields fields) {
        for (String word : List.of("did", "did_not", "first_did", "cohort")) {
            if (fields.has(word)) {
                Fields.of(node, fields.path(), List.of(word));
                return behaviour(word, fields);
            }
        }
        if (!fields.has("property")) {
            throw Fields.invalid(
                    fields.path(), "must have one of and, or, not, did, did_not, first_did, property, cohort");
        }
        return trait(node, fields);
    }

    private CohortRule behaviour(String word, Fields fields) {
        String at = fields.at(word);
        return switch (word) {
            case "did" -> {
                Fields did = Fields.of(fields.required(word), at, List.of("event", "filter", "times", "range", "zone"));
                yield new CohortRule.Did(ScopeReader.read(did, context), times(did), range(did));
            }
            case "did_not" -> {
                Fields did = Fields.of(fields.required(word), at, List.of("event", "filter", "range", "zone"));
                yield new CohortRule.Not(
                        new CohortRule.Did(ScopeReader.read(did, context), CohortRule.Times.ONCE, range(did)));
            }
            case "first_did" -> {
                Fields did = Fields.of(fields.required(word), at, List.of("event", "filter", "range", "zone"));
                TimeRange range = range(did);
                if (range == null) {
                    throw Fields.invalid(did.at("range"), "is missing");
                }
                yield new CohortRule.FirstDid(ScopeReader.read(did, context), range);
            }
            default -> new CohortRule.Member(resolve(fields.requiredText(word), at, context));
        };
    }

    private CohortRule trait(JsonNode node, Fields fields) {
        if (!(FilterReader.read(node, fields.path(), context) instanceof Filter.Test test)
                || !(test.property() instanceof Property.Trait)) {
            throw Fields.invalid(
                    fields.at("property"), "must be a trait of the user, as in user.plan; filter events in did");
        }
        return new CohortRule.Has(test);
    }

    private static CohortRule.Times times(Fields did) {
        if (!did.has("times")) {
            return CohortRule.Times.ONCE;
        }
        List<String> words = List.of("at_least", "at_most", "exactly");
        Fields fields = Fields.of(did.required("times"), did.at("times"), words);
        List<String> given = words.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            throw Fields.invalid(fields.path(), "must have one of at_least, at_most, exactly");
        }
        String word = given.getFirst();
        CohortRule.Bound bound = CohortRule.Bound.values()[words.indexOf(word)];
        int least = bound == CohortRule.Bound.AT_LEAST ? 1 : 0;
        int count = fields.integer(word, least);
        if (count < least || count > MAX_TIMES) {
            throw Fields.invalid(fields.at(word), "must be a number from " + least + " to " + MAX_TIMES);
        }
        return new CohortRule.Times(bound, count);
    }

    /** Null for all that there is. */
    private @Nullable TimeRange range(Fields did) {
        ZoneId zone = Fields.within(did.path(), () -> CommonFields.zone(did.asRoot(), context));
        return did.has("range")
                ? Fields.within(did.path(), () -> new RangeReader(context, zone).read(did.asRoot(), null, false))
                : null;
    }

    /**
     * The cohorts as a cohort sees them that is being resolved.
     *
     * @param ids of the cohorts around, the outermost first
     */
    record Within(KnownCohorts all, List<String> ids) implements KnownCohorts {
        Within {
            ids = List.copyOf(ids);
        }

        @Override
        public Optional<SavedCohort> find(String id) {
            return all.find(id);
        }

        @Override
        public long revision() {
            return all.revision();
        }
    }
}
