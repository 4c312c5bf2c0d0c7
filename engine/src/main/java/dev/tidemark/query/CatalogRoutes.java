package dev.tidemark.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.account.Permission;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What there is to choose from in questions: event types, properties and values of the tenant's own events. */
public final class CatalogRoutes implements Routes {
    private static final String EVENT_TYPE = "event_type";

    private final Catalog catalog;
    private final TenantDirectory tenants;
    private final CohortDirectory cohorts;
    private final TimeSource time;

    public CatalogRoutes(Catalog catalog, TenantDirectory tenants, CohortDirectory cohorts, TimeSource time) {
        this.catalog = catalog;
        this.tenants = tenants;
        this.cohorts = cohorts;
        this.time = time;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/event-types", Access.PICK, this::eventTypes);
        table.blocking(HttpMethod.GET, "/api/v1/properties", Access.needs(Permission.CATALOG_READ), this::properties);
        table.blocking(HttpMethod.GET, "/api/v1/property-values", Access.PICK, this::values);
    }

    Reply eventTypes(Call call) {
        requirePicker(call, EVENT_TYPE);
        CatalogRequest request = request(call);
        CatalogPage<CatalogPage.EventType> page = catalog.eventTypes(call.tenant(), request, persons(call));
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode list = answer.putArray("event_types");
        for (CatalogPage.EventType type : page.entries()) {
            ObjectNode entry = list.addObject()
                    .put("event_type", type.name())
                    .put("events", type.events())
                    .put("last_seen", AnswerJson.time(type.lastSeen(), ZoneOffset.UTC));
            if (type.persons() != null) {
                entry.put("persons", type.persons());
            }
        }
        return PropertyValues.finished(answer, page, request);
    }

    Reply properties(Call call) {
        CatalogRequest request = CatalogRequest.of(call);
        CatalogPage<CatalogPage.FoundProperty> page = catalog.properties(call.tenant(), request);
        ObjectNode answer = AnswerJson.JSON.objectNode();
        ArrayNode list = answer.putArray("properties");
        for (CatalogPage.FoundProperty property : page.entries()) {
            ObjectNode entry = list.addObject()
                    .put("property", property.path())
                    .put("kind", kind(property.path()))
                    .put("events", property.events());
            ArrayNode types = entry.putArray("types");
            addType(types, "string", property.texts());
            ObjectNode numbers = addType(types, "number", property.numbers());
            if (numbers != null) {
                numbers.set("min", AnswerJson.number(property.least()));
                numbers.set("max", AnswerJson.number(property.greatest()));
            }
            addType(types, "boolean", property.flags());
        }
        return PropertyValues.finished(answer, page, request);
    }

    Reply values(Call call) {
        CatalogRequest request = request(call);
        String path = call.queryParameter("property").orElse("");
        requirePicker(call, path);
        return PropertyValues.reply(catalog, call.tenant(), path, request);
    }

    /** An embed token lists the values of those properties alone that it names. */
    private static void requirePicker(Call call, String property) {
        if (call.requiredCredential() instanceof Credential.EmbedToken token
                && !token.pickers().contains(property)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "the embed token is not for this property");
        }
    }

    /** What is asked for, of those events alone that exist for the asker. */
    private CatalogRequest request(Call call) {
        CatalogRequest request = CatalogRequest.of(call);
        if (!(call.requiredCredential() instanceof Credential.EmbedToken token) || token.lockedFilter() == null) {
            return request;
        }
        TenantSettings settings = tenants.settings(call.tenant());
        return request.within(FilterReader.read(
                token.lockedFilter(),
                "filter",
                QuestionContext.plain(
                        time.instant(), settings.zone(), settings.weekStart(), cohorts.of(call.tenant()))));
    }

    private static @Nullable ObjectNode addType(ArrayNode types, String type, long events) {
        return events == 0 ? null : types.addObject().put("type", type).put("events", events);
    }

    private static String kind(String path) {
        return switch (Fields.property(path, "property")) {
            case Property.Sent _ -> "event";
            case Property.Trait _ -> "user";
            case Property.Context _ -> "context";
            case Property.Identity _, Property.EventType _ -> "identity";
        };
    }

    private static boolean persons(Call call) {
        Optional<String> text = call.queryParameter("persons");
        if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
            throw Fields.invalid("persons", "must be true or false");
        }
        return text.isPresent() && text.get().equals("true");
    }
}
