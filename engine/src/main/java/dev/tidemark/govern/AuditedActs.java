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
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Puts calls of administrative routes into the audit log: who, what, on what, from where, with which outcome. Of a body stand there the
 * names of its members and the values of a few that cannot be secret or personal; a user's id stands there as a number.
 */
public final class AuditedActs implements Acts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TOLD = Set.of(
            "name", "report_name", "kind", "mode", "event_type", "type", "version", "role", "compatibility", "enabled");
    private static final List<String> MADE = List.of(
            "key_id", "report_id", "widget_id", "cohort_id", "job_id", "user_id", "tenant_id", "version", "removed");
    private static final int MOST_CHARACTERS = 300;
    private static final String USER = "userId";

    private final AuditLog log;
    private final TimeSource time;

    public AuditedActs(AuditLog log, TimeSource time) {
        this.log = log;
        this.time = time;
    }

    @Override
    public Open begin(Call call, String route) {
        TenantId tenant = call.tenant();
        ObjectNode act = JsonNodeFactory.instance.objectNode();
        act.put("at", time.instant().toString());
        act.set("actor", actor(call.requiredCredential()));
        act.put("action", route);
        ObjectNode target = act.putObject("target");
        call.pathParameters()
                .forEach((name, value) -> target.put(name, name.equals(USER) ? person(value) : cut(value)));
        act.set("query", query(call));
        act.set("given", given(call));
        act.put("address", call.headers().getOrDefault(Call.PEER, ""));
        call.header("X-Forwarded-For").ifPresent(hops -> act.put("forwarded_for", cut(hops)));
        act.put("correlation_id", call.correlationId());
        String pending = log.begin(tenant, act);
        return (reply, change) -> log.end(tenant, pending, ended(act, reply, change));
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

    private static ObjectNode actor(Credential credential) {
        ObjectNode actor = JsonNodeFactory.instance.objectNode();
        return switch (credential) {
            case Credential.SecretKey key -> actor.put("kind", "secret_key").put("id", key.keyId());
            case Credential.WriteKey key -> actor.put("kind", "write_key").put("id", key.keyId());
            case Credential.EmbedToken token -> actor.put("kind", "embed_token").put("id", token.reportId());
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
