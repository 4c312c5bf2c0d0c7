package dev.tidemark.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Membership;
import dev.tidemark.account.People;
import dev.tidemark.account.Role;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Caller;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SessionCookie;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Signing in and out, and what a person who has signed in may know and change of that. */
public final class SessionRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "/api/v1/session";

    private final SignIn signIn;
    private final People people;
    private final PublicAddress address;
    private final SessionLimits limits;
    private final @Nullable String providerName;

    /** @param providerName of the provider that people can sign in through; null for none */
    public SessionRoutes(
            SignIn signIn, People people, PublicAddress address, SessionLimits limits, @Nullable String providerName) {
        this.signIn = signIn;
        this.people = people;
        this.address = address;
        this.limits = limits;
        this.providerName = providerName;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/sign-in", Access.PUBLIC, this::ways);
        table.blocking(HttpMethod.POST, SESSION, Access.PUBLIC, this::enter);
        table.blocking(HttpMethod.GET, SESSION, Access.SIGNED_IN, this::show);
        table.blocking(HttpMethod.PATCH, SESSION, Access.SIGNED_IN, this::choose);
        table.blocking(HttpMethod.DELETE, SESSION, Access.SIGNED_IN, this::leave);
        table.blocking(HttpMethod.POST, SESSION + "/password", Access.SIGNED_IN, this::changePassword);
        table.blocking(HttpMethod.POST, "/api/v1/links/inspect", Access.PUBLIC, this::inspect);
        table.blocking(HttpMethod.POST, "/api/v1/links/accept", Access.PUBLIC, this::accept);
        table.blocking(HttpMethod.POST, "/api/v1/setup-links", Access.SERVER, this::setupLink);
    }

    private Reply ways(Call call) {
        ObjectNode answer = JSON.createObjectNode()
                .put("password", people.hasAdministrator())
                .put("setup", !people.hasAdministrator());
        if (providerName != null) {
            answer.putObject("provider").put("name", providerName).put("url", "/sign-in/oidc");
        }
        SessionCookie.of(call, address.secure(call))
                .flatMap(cookie -> signIn.sessions().find(cookie, true))
                .ifPresent(person -> answer.set("session", session(person)));
        return Reply.json(200, answer);
    }

    private Reply enter(Call call) {
        requireOwnPage(call);
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("email", "password"));
        return begun(
                call, signIn.enter(Call.text(body, "email"), Call.text(body, "password"), Arrival.of(call, address)));
    }

    private Reply show(Call call) {
        return Reply.json(200, session(call.signedIn()));
    }

    private Reply choose(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("tenant_id"));
        TenantId tenant = new TenantId(Call.text(body, "tenant_id"));
        if (people.role(tenant, call.signedIn().user()).isEmpty()) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "you do not belong to this tenant", "tenant_id");
        }
        String cookie = cookie(call);
        signIn.live().choose(cookie, tenant);
        return Reply.json(200, session(signIn.sessions().find(cookie, true).orElseThrow(SessionRoutes::gone)));
    }

    private Reply leave(Call call) {
        if (call.flag("everywhere")) {
            signIn.live().endAll(call.signedIn().user(), "");
        } else {
            signIn.live().endOf(cookie(call));
        }
        return Reply.empty(204).withHeader("Set-Cookie", SessionCookie.remove(address.secure(call)));
    }

    private Reply changePassword(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("current_password", "new_password"));
        signIn.changePassword(
                call.signedIn(),
                Call.text(body, "current_password"),
                Call.text(body, "new_password"),
                address.client(call));
        return Reply.empty(204);
    }

    private Reply inspect(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("link"));
        OneTimeLink link = signIn.links().good(Call.text(body, "link"));
        String email = link.email();
        ObjectNode answer = JSON.createObjectNode()
                .put("purpose", link.purpose().name().toLowerCase(Locale.ROOT))
                .put("expires_at", link.expiresAt().toString())
                .put("email", email)
                .put("known", email != null && people.findByEmail(email).isPresent());
        TenantId tenant = link.tenant();
        Role role = link.role();
        answer.put("tenant_id", tenant == null ? null : tenant.value());
        answer.put("role", role == null ? null : role.wireName());
        return Reply.json(200, answer);
    }

    private Reply accept(Call call) {
        requireOwnPage(call);
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("link", "email", "name", "password"));
        return begun(
                call,
                signIn.accept(
                        Call.text(body, "link"),
                        new SignIn.LinkAnswer(
                                Call.text(body, "email", ""), Call.text(body, "name", ""), Call.text(body, "password")),
                        Arrival.of(call, address)));
    }

    private Reply setupLink(Call call) {
        JsonNode body = call.body().length == 0 ? JSON.createObjectNode() : call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("email"));
        Links.Made made;
        if (body.has("email")) {
            String email = User.checkedEmail(Call.text(body, "email"), "email");
            if (people.findByEmail(email).isEmpty()) {
                throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such user", "email");
            }
            made = signIn.links().password(email);
        } else {
            made = signIn.links().setup();
        }
        return Reply.json(201, LinkJson.made(made, address.of(call)));
    }

    private Reply begun(Call call, String cookie) {
        Caller.SignedIn person = signIn.sessions().find(cookie, true).orElseThrow(SessionRoutes::gone);
        return Reply.json(200, session(person))
                .withHeader("Set-Cookie", SessionCookie.keep(cookie, limits.lifetime(), address.secure(call)));
    }

    private ObjectNode session(Caller.SignedIn person) {
        User user = people.find(person.user()).orElseThrow(SessionRoutes::gone);
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("user")
                .put("user_id", user.id().value())
                .put("email", user.email())
                .put("name", user.name())
                .put("administrator", user.administrator());
        List<Membership> memberships = people.of(user.id());
        ArrayNode tenants = answer.putArray("tenants");
        memberships.forEach(membership -> tenants.addObject()
                .put("tenant_id", membership.tenant().value())
                .put("role", membership.role().wireName()));
        TenantId chosen = person.tenant();
        answer.put(
                "tenant_id",
                chosen != null && people.role(chosen, user.id()).isPresent()
                        ? chosen.value()
                        : memberships.size() == 1
                                ? memberships.getFirst().tenant().value()
                                : null);
        answer.put("csrf_token", person.csrfToken());
        return answer;
    }

    private String cookie(Call call) {
        return SessionCookie.of(call, address.secure(call)).orElseThrow(SessionRoutes::gone);
    }

    private void requireOwnPage(Call call) {
        if (!address.sentByOwnPage(call)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "people sign in on pages of this server alone");
        }
    }

    private static TidemarkException gone() {
        return new TidemarkException(ErrorCode.UNAUTHENTICATED, "the session is over");
    }
}
