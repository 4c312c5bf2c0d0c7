package dev.tidemark.signin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Caller;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;

/** A person's own sessions: where they began, and how to end each. */
public final class OwnSessionRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/sessions";

    private final SignIn signIn;

    public OwnSessionRoutes(SignIn signIn) {
        this.signIn = signIn;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.SIGNED_IN, this::list);
        table.blocking(HttpMethod.DELETE, ALL, Access.SIGNED_IN, this::endOthers);
        table.blocking(HttpMethod.DELETE, ALL + "/:sessionId", Access.SIGNED_IN, this::end);
    }

    private Reply list(Call call) {
        Caller.SignedIn person = call.signedIn();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode sessions = answer.putArray("sessions");
        for (StoredSession session : signIn.live().goodOnes(person.user())) {
            sessions.addObject()
                    .put("session_id", Sessions.name(session))
                    .put("created_at", session.createdAt().toString())
                    .put("last_used_at", session.lastUsedAt().toString())
                    .put("address", session.arrival().address())
                    .put("user_agent", session.arrival().agent())
                    .put("current", Sessions.name(session).equals(person.sessionId()));
        }
        return Reply.json(200, answer);
    }

    private Reply endOthers(Call call) {
        signIn.live().endAll(call.signedIn().user(), call.signedIn().sessionId());
        return Reply.empty(204);
    }

    private Reply end(Call call) {
        if (!signIn.live().endNamed(call.signedIn().user(), call.pathParameter("sessionId"))) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such session");
        }
        return Reply.empty(204);
    }
}
