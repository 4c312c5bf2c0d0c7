package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.Question;
import java.util.function.BooleanSupplier;

/**
 * Answers of the query engine. Thread-safe.
 *
 * @param responsive whether the store answers now; bounded by a second
 */
public record EngineAnswers(QueryEngine engine, BooleanSupplier responsive) implements WidgetAnswers {
    @Override
    public ObjectNode answer(TenantId tenant, Question question) {
        return engine.answer(tenant, question).toJson();
    }

    @Override
    public ObjectNode explained(TenantId tenant, Question question) {
        QueryEngine.Explained explained = engine.explain(tenant, question);
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.set("data", explained.result().toJson());
        both.set("explain", explained.explanation());
        return both;
    }

    @Override
    public boolean isResponsive() {
        return responsive.getAsBoolean();
    }

    @Override
    public void forget(TenantId tenant) {
        engine.forget(tenant);
    }
}
