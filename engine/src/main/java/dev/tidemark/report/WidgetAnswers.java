package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.Question;

/** Answers a question from the store, in the JSON form of a widget's {@code data}. Blocks. Thread-safe. */
@FunctionalInterface
public interface WidgetAnswers {
    ObjectNode answer(TenantId tenant, Question question);
}
