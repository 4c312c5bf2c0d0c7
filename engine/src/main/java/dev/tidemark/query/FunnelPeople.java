package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.store.EventStore;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.Select;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is behind a step of a funnel: those who got there, or those who got to the step before and no further.
 *
 * @param dropped whether the latter; there are none at the first step
 * @param value a value of the funnel's breakdown, {@code $other} or {@code $none}; null for all
 */
record FunnelPeople(
        FunnelQuestion question,
        int step,
        boolean dropped,
        @Nullable String value) {
    static final List<String> KNOWN = List.of("question", "step", "dropped", "value");

    /** Reads the members of {@code {"question":{funnel},"step","dropped","value"}}. */
    static FunnelPeople read(Fields fields, QuestionContext context) {
        JsonNode node = fields.required("question");
        Question question = Fields.within("question", () -> QuestionReader.read(node, context));
        if (!(question instanceof FunnelQuestion funnel)) {
            throw Fields.invalid("question.type", "must be funnel; only funnels have people behind their steps");
        }
        fields.required("step");
        return new FunnelPeople(
                funnel,
                fields.integer("step", 0),
                fields.flag("dropped"),
                fields.text("value").orElse(null));
    }

    FunnelPeople {
        if (step < 1 || step > question.steps().size()) {
            throw Fields.invalid(
                    "step", "must be a step between 1 and " + question.steps().size());
        }
        if (value != null && question.split() == null) {
            throw Fields.invalid("value", "is of a breakdown, which the funnel does not have");
        }
    }

    /** The persons, each once, as {@code person}; for use within another select of these parameters. Asks the store where the others are meant. */
    Select persons(EventStore store, TenantId tenant, Parameters parameters) {
        return Select.from(attempts(store, tenant, parameters))
                .column("who", "person")
                .where("who != 0")
                .groupBy("who")
                .build();
    }

    /** The attempts: {@code unit} (the person or session), {@code who}, {@code entered} and {@code reached}. */
    Select attempts(EventStore store, TenantId tenant, Parameters parameters) {
        List<FunnelEvents.Part> parts = value == null
                ? List.of(FunnelEvents.Part.PERSON)
                : List.of(FunnelEvents.Part.PERSON, FunnelEvents.Part.VALUES);
        int last = dropped ? step - 1 : step;
        Select.Builder found = Select.from(
                        new FunnelAttempts(question, parameters).select(parts).build())
                .column("unit", "unit")
                .column("who", "who")
                .column("s1", "entered")
                .column("s" + Math.max(1, last), "reached")
                .where(dropped ? "level = " + last : "level >= " + last);
        FunnelQuestion.Split split = question.split();
        if (value != null && split != null) {
            switch (value) {
                case "$none" -> found.where("absent = 1");
                case "$other" -> {
                    found.where("absent = 0").where("text NOT IN " + parameters.texts(named(store, tenant, split)));
                }
                default -> found.where("absent = 0").where("text = " + parameters.text(value));
            }
        }
        return found.build();
    }

    /** The values that have groups of their own in the answer. */
    private List<String> named(EventStore store, TenantId tenant, FunnelQuestion.Split split) {
        Parameters parameters = new Parameters(tenant);
        Select attempts = new FunnelAttempts(question, parameters)
                .select(List.of(FunnelEvents.Part.VALUES))
                .build();
        Rows rows = store.query(
                tenant,
                Select.from(attempts)
                        .column("text", "k")
                        .where("absent = 0")
                        .groupBy("k")
                        .orderBy("count() DESC")
                        .orderBy("k")
                        .limit(split.breakdown().limit(), 0)
                        .build());
        List<String> named = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            named.add(rows.textAt(row, 0));
        }
        return named;
    }
}
