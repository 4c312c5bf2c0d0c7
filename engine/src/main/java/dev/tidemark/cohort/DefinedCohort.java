package dev.tidemark.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.SavedCohort;
import java.time.Instant;

/**
 * A named set of persons as somebody defined it.
 *
 * @param version 1 at first, one more with every change
 */
public record DefinedCohort(
        TenantId tenant,
        CohortId id,
        String name,
        String description,
        Content content,
        long version,
        Instant createdAt,
        Instant updatedAt) {
    static final int MAX_NAME_LENGTH = 200;
    static final int MAX_DESCRIPTION_LENGTH = 2_000;

    /** What makes somebody a member. */
    public sealed interface Content {
        /** The word in JSON. */
        String kind();
    }

    /**
     * Whoever a rule holds for at the moment.
     *
     * @param definition in its JSON form, which has been found to be valid; not to be modified
     */
    public record Dynamic(JsonNode definition) implements Content {
        @Override
        public String kind() {
            return "dynamic";
        }
    }

    /** Whoever stands in a list. */
    public record Static(MemberList list) implements Content {
        @Override
        public String kind() {
            return "static";
        }
    }

    /** The next version. */
    DefinedCohort changed(String newName, String newDescription, Content newContent, Instant at) {
        return new DefinedCohort(tenant, id, newName, newDescription, newContent, version + 1, createdAt, at);
    }

    SavedCohort saved() {
        return new SavedCohort(
                id.value(),
                name,
                version,
                switch (content) {
                    case Dynamic dynamic -> new SavedCohort.Dynamic(dynamic.definition());
                    case Static list -> new SavedCohort.Static(list.list().value());
                });
    }
}
