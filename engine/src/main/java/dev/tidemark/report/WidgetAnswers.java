package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.Question;

/** Answers a question from the store, in the JSON form of a widget's {@code data}. Blocks. Thread-safe. */
@FunctionalInterface
public interface WidgetAnswers {
    ObjectNode answer(TenantId tenant, Question question);

    /** The same as member {@code data}, and how it came about, where that is known, as member {@code explain}. */
    default ObjectNode explained(TenantId tenant, Question question) {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.set("data", answer(tenant, question));
        return both;
    }

    /** Whether the store answers anything now, soon. */
    default boolean isResponsive() {
        return true;
    }

    /** Forgets everything that was computed for a tenant. */
    default void forget(TenantId tenant) {}
}
