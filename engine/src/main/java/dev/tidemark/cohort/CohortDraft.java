package dev.tidemark.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Person;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants a cohort to be; a failure to read it names the field.
 *
 * @param kind null where it is not said
 * @param definition of a dynamic one, not checked yet
 * @param members of a static one
 */
record CohortDraft(
        String name,
        String description,
        @Nullable String kind,
        @Nullable JsonNode definition,
        @Nullable Members members) {
    private static final List<String> KNOWN =
            List.of("name", "description", "kind", "definition", "user_ids", "anonymous_ids", "from", "version");
    private static final int MAX_ID_LENGTH = 255;

    /** Where the members of a static cohort come from. */
    sealed interface Members {}

    /** They are given. */
    record Given(List<Long> persons) implements Members {}

    /** They are those whom a rule or a question finds now. */
    record Found(JsonNode from) implements Members {}

    static CohortDraft read(JsonNode body) {
        Call.onlyKnownFields(body, "", KNOWN);
        String name = text(body, "name", DefinedCohort.MAX_NAME_LENGTH);
        if (name.isBlank()) {
            throw invalid("a cohort needs a name", "name");
        }
        String kind = body.hasNonNull("kind") ? text(body, "kind", 20) : null;
        if (kind != null && !kind.equals("dynamic") && !kind.equals("static")) {
            throw invalid("must be dynamic or static", "kind");
        }
        return new CohortDraft(
                name,
                text(body, "description", DefinedCohort.MAX_DESCRIPTION_LENGTH),
                kind,
                body.hasNonNull("definition") ? body.get("definition") : null,
                members(body));
    }

    /** The persons of the members {@code user_ids} and {@code anonymous_ids}. */
    static List<Long> persons(JsonNode body) {
        List<Long> persons = new ArrayList<>();
        for (String id : ids(body, "user_ids")) {
            persons.add(Person.ofUser(id));
        }
        for (String id : ids(body, "anonymous_ids")) {
            persons.add(Person.ofAnonymous(id));
        }
        return persons.stream().distinct().sorted().toList();
    }

    private static @Nullable Members members(JsonNode body) {
        boolean given = body.hasNonNull("user_ids") || body.hasNonNull("anonymous_ids");
        if (!body.hasNonNull("from")) {
            return given ? new Given(persons(body)) : null;
        }
        if (given) {
            throw invalid("give either ids, or from", "from");
        }
        return new Found(body.get("from"));
    }

    private static List<String> ids(JsonNode body, String field) {
        if (!body.hasNonNull(field)) {
            return List.of();
        }
        JsonNode nodes = body.get(field);
        if (!nodes.isArray()) {
            throw invalid("must be a list of texts", field);
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            if (!node.isTextual()
                    || node.textValue().isEmpty()
                    || node.textValue().length() > MAX_ID_LENGTH) {
                throw invalid("must be a text of 1 to " + MAX_ID_LENGTH + " characters", field + "[" + i + "]");
            }
            ids.add(node.textValue());
        }
        return ids;
    }

    private static String text(JsonNode body, String field, int most) {
        JsonNode node = body.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (!node.isTextual() || node.textValue().length() > most) {
            throw invalid("must be a text of at most " + most + " characters", field);
        }
        return node.textValue();
    }

    static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
