package dev.tidemark.govern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Credential;
import dev.tidemark.base.Person;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Acts;
import dev.tidemark.http.Call;
import dev.tidemark.http.Caller;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls of administrative routes into the audit log: who, what, on what, from where, with which outcome. Of a body stand there the
 * names of its members and the values of a few that cannot be secret or personal; the id of a person whose events are kept stands there as
 * a number.
 *
 * <p>What is done in a tenant stands in its log; what is done to the server stands in the server's, and in those of the tenants that it
 * concerns as well. What somebody does who has not signed in yet is noted once it is done: before, anybody could fill the log.
 */
public final class AuditedActs implements Acts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TOLD = Set.of(
            "name",
            "report_name",
            "kind",
            "mode",
            "event_type",
            "type",
            "version",
            "role",
            "compatibility",
            "enabled",
            "tenant_id",
            "closed",
            "algorithm",
            "highest_role",
            "token_id");
    private static final List<String> MADE = List.of(
            "key_id",
            "report_id",
            "widget_id",
            "cohort_id",
            "job_id",
            "user_id",
            "tenant_id",
            "version",
            "removed",
            "share_id",
            "issuer_id",
            "link_id");
    private static final int MOST_CHARACTERS = 300;
    private static final String USER = "userId";
    private static final String PERSONS = " /api/v1/users/";

    private final AuditLog log;
    private final TimeSource time;

    public AuditedActs(AuditLog log, TimeSource time) {
        this.log = log;
        this.time = time;
    }

    @Override
    public Open begin(Call call, String route) {
        Credential credential = call.credential();
        ObjectNode act = act(call, route);
        if (credential == null && call.caller() == null) {
            return (reply, change) -> {
                if (change.after() != null) {
                    note(LogOf.SERVER, ended(act, reply, change), change);
                }
            };
        }
        act.set("query", query(call));
        act.set("given", given(call));
        LogOf of = credential == null ? LogOf.SERVER : LogOf.tenant(credential.tenant());
        String pending = log.begin(of, act);
        return (reply, change) -> {
            ObjectNode ended = ended(act, reply, change);
            log.end(of, pending, ended);
            copies(of, ended, change);
        };
    }

    private void note(LogOf of, ObjectNode act, Change change) {
        log.note(of, act);
        copies(of, act, change);
    }

    private void copies(LogOf of, ObjectNode act, Change change) {
        for (TenantId tenant : change.concerned()) {
            LogOf other = LogOf.tenant(tenant);
            if (!other.equals(of)) {
                log.note(other, act);
            }
        }
    }

    private ObjectNode act(Call call, String route) {
        ObjectNode act = JsonNodeFactory.instance.objectNode();
        act.put("at", time.instant().toString());
        act.set("actor", actor(call));
        act.put("action", route);
        boolean aboutPerson = route.contains(PERSONS);
        ObjectNode target = act.putObject("target");
        call.pathParameters()
                .forEach((name, value) ->
                        target.put(name, aboutPerson && name.equals(USER) ? person(value) : cut(value)));
        act.put("address", call.peer());
        call.header("X-Forwarded-For").ifPresent(hops -> act.put("forwarded_for", cut(hops)));
        act.put("correlation_id", call.correlationId());
        return act;
    }

    private static ObjectNode ended(ObjectNode act, Reply reply, Change change) {
        act.put("outcome", reply.status() < 400 ? "done" : "refused");
        act.put("status", reply.status());
        ObjectNode made = made(reply);
        if (!made.isEmpty()) {
            act.set("made", made);
        }
        if (change.before() != null) {
            act.set("before", change.before());
        }
        if (change.after() != null) {
            act.set("after", change.after());
        }
        return act;
    }

    private static ObjectNode actor(Call call) {
        ObjectNode actor = JsonNodeFactory.instance.objectNode();
        return switch (call.credential()) {
            case Credential.SecretKey key -> actor.put("kind", "secret_key").put("id", key.keyId());
            case Credential.WriteKey key -> actor.put("kind", "write_key").put("id", key.keyId());
            case Credential.Member member ->
                actor.put("kind", "user")
                        .put("id", member.user().value())
                        .put("role", member.role().wireName());
            case Credential.Bearer token ->
                actor.put("kind", "bearer_token")
                        .put("issuer", cut(token.issuer()))
                        .put("id", cut(token.subject()))
                        .put("role", token.role().wireName());
            case Credential.EmbedToken token -> actor.put("kind", "embed_token").put("id", token.reportId());
            case null -> person(call.caller());
        };
    }

    /** Who acts outside of every tenant. */
    private static ObjectNode person(@Nullable Caller caller) {
        ObjectNode actor = JsonNodeFactory.instance.objectNode();
        return switch (caller) {
            case Caller.SignedIn person ->
                actor.put("kind", "user").put("id", person.user().value());
            case Caller.Operator _ -> actor.put("kind", "operator");
            case null -> actor.put("kind", "visitor");
        };
    }

    private static ObjectNode query(Call call) {
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        call.query().forEach((name, value) -> query.put(cut(name), cut(value)));
        return query;
    }

    private static ObjectNode given(Call call) {
        ObjectNode given = JsonNodeFactory.instance.objectNode();
        try {
            JsonNode body = call.body().length == 0 ? given : JSON.readTree(call.body());
            if (body != null && body.isObject()) {
                body.properties().forEach(member -> {
                    boolean told =
                            TOLD.contains(member.getKey()) && member.getValue().isValueNode();
                    given.put(cut(member.getKey()), told ? cut(member.getValue().asText()) : "...");
                });
            }
        } catch (IOException _) {
            given.put("not_json", true);
        }
        return given;
    }

    private static ObjectNode made(Reply reply) {
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        if (reply.status() >= 400 || reply.stream() != null) {
            return made;
        }
        try {
            JsonNode body = JSON.readTree(reply.body());
            for (String name : MADE) {
                if (body != null && body.path(name).isValueNode()) {
                    made.set(name, body.get(name));
                }
            }
        } catch (IOException _) {
            return made;
        }
        return made;
    }

    private static String person(String userId) {
        return "person " + Long.toHexString(Person.ofUser(userId));
    }

    private static String cut(String text) {
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
    }
}
