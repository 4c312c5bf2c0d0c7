package dev.tidemark.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.People;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Everybody who has an account on this server, for its administrators. The last administrator who can sign in stays. */
public final class UserRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/server/users";
    private static final String ONE = ALL + "/:userId";

    private final SignIn signIn;
    private final People people;

    public UserRoutes(SignIn signIn, People people) {
        this.signIn = signIn;
        this.people = people;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.SERVER, this::list);
        table.blocking(HttpMethod.PATCH, ONE, Access.SERVER, this::change);
        table.blocking(HttpMethod.DELETE, ONE, Access.SERVER, this::remove);
    }

    private Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode users = answer.putArray("users");
        people.all().forEach(user -> users.add(json(user)));
        return Reply.json(200, answer);
    }

    private Reply change(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("disabled"));
        JsonNode disabled = body.path("disabled");
        if (!disabled.isBoolean()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be true or false", "disabled");
        }
        User user = user(call);
        synchronized (this) {
            if (disabled.booleanValue()) {
                requireAnotherAdministrator(user);
            }
            Change.tell(told(user), told(user).put("disabled", disabled.booleanValue()));
            signIn.live().disable(user.id(), disabled.booleanValue());
        }
        return Reply.json(200, json(user));
    }

    private Reply remove(Call call) {
        User user = user(call);
        synchronized (this) {
            requireAnotherAdministrator(user);
            Change.tell(told(user), null);
            people.removeUser(user.id());
            signIn.live().endAll(user.id(), "");
            signIn.live().disable(user.id(), false);
        }
        return Reply.empty(204);
    }

    private void requireAnotherAdministrator(User user) {
        boolean another = people.all().stream()
                .anyMatch(each -> each.administrator()
                        && !each.id().equals(user.id())
                        && signIn.live().disabledAt(each.id()).isEmpty());
        if (user.administrator() && !another) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "a server keeps at least one administrator who can sign in");
        }
    }

    private User user(Call call) {
        String id = call.pathParameter("userId");
        return people.all().stream()
                .filter(user -> user.id().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such user"));
    }

    /** Without name and address. */
    private ObjectNode told(User user) {
        return JSON.createObjectNode()
                .put("user_id", user.id().value())
                .put("disabled", signIn.live().disabledAt(user.id()).isPresent());
    }

    private ObjectNode json(User user) {
        Optional<Instant> disabled = signIn.live().disabledAt(user.id());
        Optional<Instant> used = signIn.live().goodOnes(user.id()).stream()
                .map(StoredSession::lastUsedAt)
                .max(Comparator.naturalOrder());
        ObjectNode answer = JSON.createObjectNode()
                .put("user_id", user.id().value())
                .put("email", user.email())
                .put("name", user.name())
                .put("administrator", user.administrator())
                .put("password", user.passwordHash() != null)
                .put("provider", user.identity() != null)
                .put("created_at", user.createdAt().toString())
                .put("disabled_at", disabled.map(Instant::toString).orElse(null))
                .put("sessions", signIn.live().goodOnes(user.id()).size())
                .put("last_used_at", used.map(Instant::toString).orElse(null));
        ArrayNode tenants = answer.putArray("tenants");
        people.of(user.id())
                .forEach(membership -> tenants.addObject()
                        .put("tenant_id", membership.tenant().value())
                        .put("role", membership.role().wireName()));
        return answer;
    }
}
