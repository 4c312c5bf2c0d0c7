package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What was found out. Immutable. */
public sealed interface Answer
        permits MeasuredAnswer, FunnelAnswer, RetentionAnswer, CohortAnswer, PathsAnswer, StickinessAnswer {
    Question question();

    /** The data of the answer as callers get it. Times are ISO-8601 with the offset of the question's zone. */
    ObjectNode toJson();
}
