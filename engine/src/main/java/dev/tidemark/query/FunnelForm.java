package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The part of the canonical form that only funnels have. */
final class FunnelForm {
    private FunnelForm() {}

    static void put(ObjectNode form, FunnelQuestion funnel) {
        putTimeless(form, funnel);
        Buckets buckets = funnel.overTime();
        if (buckets != null) {
            form.put("first", buckets.edges().getFirst());
            form.put("partial", funnel.partialFrom());
        }
    }

    /** All but what follows from the moment. */
    static void putTimeless(ObjectNode form, FunnelQuestion funnel) {
        ArrayNode steps = form.putArray("steps");
        for (FunnelQuestion.Step step : funnel.steps()) {
            ObjectNode node = steps.addObject().put("name", step.name());
            CanonicalForm.putScope(node, step.scope());
        }
        form.put("window", funnel.window().toMillis());
        form.put("order", funnel.order().name());
        form.put("entry", funnel.entry().name());
        form.put("count", funnel.counting().name());
        ArrayNode exclusions = form.putArray("exclusions");
        for (FunnelQuestion.Exclusion exclusion : funnel.exclusions()) {
            ObjectNode node =
                    exclusions.addObject().put("from", exclusion.from()).put("to", exclusion.to());
            CanonicalForm.putScope(node, exclusion.scope());
        }
        FunnelQuestion.Split split = funnel.split();
        if (split != null) {
            CanonicalForm.putBreakdown(form, split.breakdown());
            switch (split.at()) {
                case FunnelQuestion.Split.At.Step step -> form.put("breakdown_step", step.number());
                case FunnelQuestion.Split.At.Last _ -> form.put("breakdown_step", "last");
            }
        }
        Buckets buckets = funnel.overTime();
        if (buckets != null) {
            form.put("interval", buckets.interval().wireName());
        }
    }
}
