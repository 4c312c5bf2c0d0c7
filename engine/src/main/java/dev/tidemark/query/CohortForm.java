package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a cohort so that equal ones, and only those, give equal texts. */
final class CohortForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CohortForm() {}

    static void put(ObjectNode form, CohortQuestion question) {
        form.put("period", question.columns().interval().wireName());
        form.put("first", question.columns().edges().getFirst());
        form.put("partial", question.partialFrom());
        form.put("begun", question.begun());
        form.put("per_member", question.perMember());
        form.set("measure", CanonicalForm.measure(question.measure()));
        switch (question.rows()) {
            case CohortQuestion.OfCohorts rows ->
                form.putArray("cohorts")
                        .addAll(rows.cohorts().stream().map(CohortForm::of).toList());
            case CohortQuestion.OfStarts rows -> {
                CanonicalForm.putScope(form.putObject("starts"), rows.start());
                form.put("first_time", rows.firstTime());
                form.put("periods", rows.periods());
            }
        }
    }

    static ObjectNode of(Cohort cohort) {
        ObjectNode form = JSON.objectNode();
        form.put("id", cohort.id());
        form.put("name", cohort.name());
        form.put("version", cohort.version());
        form.set("rule", rule(cohort.rule()));
        return form;
    }

    private static ObjectNode rule(CohortRule rule) {
        ObjectNode form = JSON.objectNode();
        switch (rule) {
            case CohortRule.All all -> group(form, "and", all.rules());
            case CohortRule.Any any -> group(form, "or", any.rules());
            case CohortRule.Not not -> form.set("not", rule(not.rule()));
            case CohortRule.Did did -> {
                CanonicalForm.putScope(form.put("did", did.times().bound().wireName()), did.scope());
                form.put("times", did.times().count());
                putRange(form, did.range());
            }
            case CohortRule.FirstDid first -> {
                CanonicalForm.putScope(form.put("first_did", true), first.scope());
                putRange(form, first.range());
            }
            case CohortRule.Has has -> form.set("has", CanonicalForm.filter(has.test()));
            case CohortRule.Listed listed -> form.put("list", listed.list());
            case CohortRule.Member member -> form.set("cohort", of(member.cohort()));
        }
        return form;
    }

    private static void group(ObjectNode form, String word, List<CohortRule> rules) {
        form.putArray(word).addAll(rules.stream().map(CohortForm::rule).toList());
    }

    private static void putRange(ObjectNode form, @Nullable TimeRange range) {
        if (range != null) {
            form.put("start", range.startMillis());
            form.put("end", range.endMillis());
        }
    }
}
