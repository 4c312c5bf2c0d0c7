package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.query.DeadLetterFilter;
import dev.tidemark.query.DeadLetters;
import dev.tidemark.store.Deletion;
import dev.tidemark.store.Parameters;
import dev.tidemark.store.Table;
import dev.tidemark.store.Upkeep;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be done with dead letters: replay one or all of a filter, and remove them. */
public final class ReplayRoutes implements Routes {
    private final Replays replays;
    private final Jobs jobs;
    private final DeadLetters letters;
    private final Upkeep upkeep;

    public ReplayRoutes(Replays replays, Jobs jobs, DeadLetters letters, Upkeep upkeep) {
        this.replays = replays;
        this.jobs = jobs;
        this.letters = letters;
        this.upkeep = upkeep;
        jobs.does(replays);
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(
                HttpMethod.POST,
                "/api/v1/dead-letters/replay",
                Access.needs(Permission.DEAD_LETTERS_EDIT),
                this::replayAll);
        table.blocking(
                HttpMethod.POST,
                "/api/v1/dead-letters/:id/replay",
                Access.needs(Permission.DEAD_LETTERS_EDIT),
                this::replayOne);
        table.blocking(
                HttpMethod.DELETE, "/api/v1/dead-letters", Access.needs(Permission.DEAD_LETTERS_EDIT), this::purge);
    }

    Reply replayOne(Call call) {
        return Reply.json(200, replays.one(call.tenant(), call.pathParameter("id"), corrected(call)));
    }

    Reply replayAll(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("filter"));
        JsonNode given = body.path("filter");
        DeadLetterFilter filter =
                DeadLetterFilter.of(given.isMissingNode() ? JsonNodeFactory.instance.objectNode() : given, "filter");
        if (!filter.state().equals("open")) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "only open letters can be replayed", "filter.state");
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.set("filter", filter.toJson());
        return JobRoutes.accepted(jobs.submit(call.tenant(), Replays.KIND, request));
    }

    Reply purge(Call call) {
        requireKnown(call);
        DeadLetterFilter filter = DeadLetterFilter.of(call);
        if (!filter.isLimited() && !call.flag("all")) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "say which, or all=true to remove every one of this state", "all");
        }
        long removed = letters.count(call.tenant(), filter);
        Parameters parameters = new Parameters(call.tenant());
        Deletion deletion = Deletion.from(Table.DEAD_LETTERS, parameters);
        filter.conditions(parameters).forEach(deletion::where);
        upkeep.delete(deletion);
        return Reply.json(200, Map.of("removed", removed));
    }

    /** A misspelt filter would remove more than was meant. */
    private static void requireKnown(Call call) {
        for (String name : call.query().keySet()) {
            if (!name.equals("all") && !DeadLetterFilter.MEMBERS.contains(name)) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD,
                        "unknown parameter; known here are all, " + String.join(", ", DeadLetterFilter.MEMBERS),
                        name);
            }
        }
    }

    private static @Nullable String corrected(Call call) {
        if (call.body().length == 0) {
            return null;
        }
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("payload"));
        JsonNode payload = body.path("payload");
        if (payload.isMissingNode() || payload.isNull()) {
            return null;
        }
        if (!payload.isObject() && !payload.isTextual()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be one event, as JSON or as a text", "payload");
        }
        return payload.isTextual() ? payload.textValue() : payload.toString();
    }
}
