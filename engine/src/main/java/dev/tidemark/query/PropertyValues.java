package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The values that a property has among the events that exist for the asker, those with the most events first. Blocking; thread-safe. */
public final class PropertyValues {
    private final Catalog catalog;
    private final TenantDirectory tenants;
    private final CohortDirectory cohorts;
    private final TimeSource time;

    public PropertyValues(Catalog catalog, TenantDirectory tenants, CohortDirectory cohorts, TimeSource time) {
        this.catalog = catalog;
        this.tenants = tenants;
        this.cohorts = cohorts;
        this.time = time;
    }

    /**
     * A page by the parameters {@code property}, {@code search}, {@code event_type}, {@code limit} and {@code cursor}.
     *
     * @param lockedFilter which events exist for the asker, in the question's JSON form; null for all
     */
    public Reply reply(Call call, @Nullable JsonNode lockedFilter) {
        CatalogRequest request = CatalogRequest.of(call);
        return reply(
                catalog,
                call.tenant(),
                call.queryParameter("property").orElse(""),
                lockedFilter == null ? request : request.within(filter(call.tenant(), lockedFilter)));
    }

    private Filter filter(TenantId tenant, JsonNode lockedFilter) {
        TenantSettings settings = tenants.settings(tenant);
        return FilterReader.read(
                lockedFilter,
                "filter",
                QuestionContext.plain(time.instant(), settings.zone(), settings.weekStart(), cohorts.of(tenant)));
    }

    static Reply reply(Catalog catalog, TenantId tenant, String path, CatalogRequest request) {
        if (path.isEmpty()) {
            throw Fields.invalid("property", "is missing");
        }
        Property property = Fields.property(path, "property");
        CatalogPage<CatalogPage.FoundValue> page = catalog.values(tenant, property, request);
        ObjectNode answer = AnswerJson.JSON.objectNode().put("property", property.path());
        ArrayNode list = answer.putArray("values");
        for (CatalogPage.FoundValue found : page.entries()) {
            ObjectNode entry = list.addObject();
            switch (found.value()) {
                case Scalar.Text text -> entry.put("value", text.value()).put("type", "string");
                case Scalar.Numeric number ->
                    entry.<ObjectNode>set("value", AnswerJson.number(number.value()))
                            .put("type", "number");
                case Scalar.Flag flag -> entry.put("value", flag.value()).put("type", "boolean");
            }
            entry.put("events", found.events());
            if (found.cut()) {
                entry.put("truncated", true);
            }
        }
        return finished(answer, page, request);
    }

    static Reply finished(ObjectNode answer, CatalogPage<?> page, CatalogRequest request) {
        answer.put("total", page.total());
        answer.put("next_cursor", page.total() > request.offset() + request.limit() ? request.nextCursor() : null);
        CatalogSample sample = page.sample();
        boolean sampled = sample != null && sample.isPart();
        answer.put("sampled", sampled);
        if (sample != null && sampled) {
            answer.put("since", sample.since() == null ? null : AnswerJson.time(sample.since(), ZoneOffset.UTC));
            answer.put("looked_at", sample.lookedAt());
            answer.put("of", sample.total());
        }
        return Reply.json(200, answer);
    }
}
