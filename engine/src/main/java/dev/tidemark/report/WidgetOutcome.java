package dev.tidemark.report;

import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.Question;

/** What came of one widget. */
sealed interface WidgetOutcome {

    /** Numbers as they are now. */
    record Fresh(Question question, CachedResult result) implements WidgetOutcome {}

    /** Numbers of before, because the store could not be asked. */
    record Stale(CachedResult result) implements WidgetOutcome {}

    /** No numbers. */
    record Failed(TidemarkException failure) implements WidgetOutcome {}
}
