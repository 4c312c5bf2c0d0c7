package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.Question;

/** Answers of the query engine. Thread-safe. */
public record EngineAnswers(QueryEngine engine) implements WidgetAnswers {
    @Override
    public ObjectNode answer(TenantId tenant, Question question) {
        return engine.answer(tenant, question).toJson();
    }

    @Override
    public ObjectNode explained(TenantId tenant, Question question) {
        QueryEngine.Explained explained = engine.explain(tenant, question);
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.set("data", explained.answer().toJson());
        both.set("explain", explained.explanation());
        return both;
    }

    @Override
    public boolean isResponsive() {
        return engine.isResponsive();
    }

    @Override
    public void forget(TenantId tenant) {
        engine.forget(tenant);
    }
}
