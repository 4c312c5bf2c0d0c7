package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A cohort as it was defined, not yet resolved to a moment.
 *
 * @param version another one after every change
 */
public record SavedCohort(String id, String name, long version, Content content) {

    /** What makes somebody a member. */
    public sealed interface Content {}

    /** Whoever a rule, in its JSON form, holds for when it is asked. */
    public record Dynamic(JsonNode definition) implements Content {}

    /** Whoever stands in a list of the store. */
    public record Static(String list) implements Content {}
}
