package dev.tidemark.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Membership;
import dev.tidemark.account.People;
import dev.tidemark.account.Permission;
import dev.tidemark.account.Role;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Who belongs to the caller's tenant, and who is invited. Nobody gives or takes a role above their own. */
public final class MemberRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Access READ = Access.needs(Permission.MEMBERS_READ);
    private static final Access MANAGE = Access.needs(Permission.MEMBERS_MANAGE);

    private final SignIn signIn;
    private final People people;
    private final PublicAddress address;

    public MemberRoutes(SignIn signIn, People people, PublicAddress address) {
        this.signIn = signIn;
        this.people = people;
        this.address = address;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/members", READ, this::list);
        table.blocking(HttpMethod.PATCH, "/api/v1/members/:userId", MANAGE, this::changeRole);
        table.blocking(HttpMethod.DELETE, "/api/v1/members/:userId", MANAGE, this::remove);
        table.blocking(HttpMethod.GET, "/api/v1/invitations", READ, this::invitations);
        table.blocking(HttpMethod.POST, "/api/v1/invitations", MANAGE, this::invite);
        table.blocking(HttpMethod.DELETE, "/api/v1/invitations/:linkId", MANAGE, this::withdraw);
    }

    private Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode members = answer.putArray("members");
        people.members(call.tenant()).forEach(membership -> members.add(json(membership)));
        return Reply.json(200, answer);
    }

    private Reply changeRole(Call call) {
        Membership known = member(call);
        requireWithin(call, known.role());
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("role"));
        Role role = Role.of(Call.text(body, "role"), "role");
        requireWithin(call, role);
        Membership changed = people.put(call.tenant(), known.user(), role);
        Change.tell(told(known), told(changed));
        return Reply.json(200, json(changed));
    }

    private Reply remove(Call call) {
        Membership known = member(call);
        requireWithin(call, known.role());
        Change.tell(told(known), null);
        people.remove(call.tenant(), known.user());
        return Reply.empty(204);
    }

    private Reply invitations(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("invitations");
        signIn.links().invitations(call.tenant()).forEach(link -> list.add(LinkJson.json(link)));
        return Reply.json(200, answer);
    }

    private Reply invite(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("email", "role"));
        String email = User.checkedEmail(Call.text(body, "email"), "email");
        Role role = Role.of(Call.text(body, "role"), "role");
        requireWithin(call, role);
        Links.Made made = signIn.links().invitation(call.tenant(), role, email);
        return Reply.json(201, LinkJson.made(made, address.of(call)));
    }

    private Reply withdraw(Call call) {
        signIn.links().withdraw(call.tenant(), call.pathParameter("linkId"));
        return Reply.empty(204);
    }

    private Membership member(Call call) {
        String id = call.pathParameter("userId");
        return people.members(call.tenant()).stream()
                .filter(membership -> membership.user().value().equals(id))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such member"));
    }

    private static void requireWithin(Call call, Role role) {
        if (!call.requiredCredential().permissions().containsAll(role.permissions())) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN,
                    "nobody gives or takes a role that may do more than they may themselves",
                    "role");
        }
    }

    /** Without name and address. */
    private static ObjectNode told(Membership membership) {
        return JSON.createObjectNode()
                .put("user_id", membership.user().value())
                .put("role", membership.role().wireName());
    }

    private ObjectNode json(Membership membership) {
        ObjectNode node =
                JSON.createObjectNode().put("user_id", membership.user().value());
        people.find(membership.user())
                .ifPresent(user -> node.put("email", user.email()).put("name", user.name()));
        return node.put("role", membership.role().wireName())
                .put("created_at", membership.createdAt().toString());
    }
}
