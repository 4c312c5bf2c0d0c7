package dev.tidemark.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.Role;
import dev.tidemark.account.Tenant;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;

/** The tenants of this server, for its administrators. They see that tenants are there, and nothing of what is in them. */
public final class TenantRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "/api/v1/tenants";
    private static final String ONE = ALL + "/:tenant";

    private final Accounts accounts;
    private final SignIn signIn;
    private final PublicAddress address;

    public TenantRoutes(Accounts accounts, SignIn signIn, PublicAddress address) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.address = address;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, ALL, Access.SERVER, this::list);
        table.blocking(HttpMethod.POST, ALL, Access.SERVER, this::create);
        table.blocking(HttpMethod.GET, ONE, Access.SERVER, this::read);
        table.blocking(HttpMethod.PATCH, ONE, Access.SERVER, this::change);
        table.blocking(HttpMethod.DELETE, ONE, Access.SERVER, this::close);
    }

    private Reply list(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode tenants = answer.putArray("tenants");
        accounts.tenants().forEach(tenant -> tenants.add(json(tenant)));
        return Reply.json(200, answer);
    }

    /** With a link for the owner where one is named, else with a first key of each kind. */
    private Reply create(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("tenant_id", "name", "owner_email"));
        TenantId id = new TenantId(Call.text(body, "tenant_id"));
        String owner =
                body.hasNonNull("owner_email") ? User.checkedEmail(Call.text(body, "owner_email"), "owner_email") : "";
        ObjectNode answer = json(accounts.createTenant(id, Call.text(body, "name", "")));
        if (owner.isEmpty()) {
            answer.put(
                            "write_key",
                            accounts.createKey(id, AccessKey.Kind.WRITE, "first write key", List.of())
                                    .plain()
                                    .reveal())
                    .put(
                            "secret_key",
                            accounts.createKey(id, AccessKey.Kind.SECRET, "first secret key", List.of())
                                    .plain()
                                    .reveal());
        } else {
            answer.set("invitation", LinkJson.made(signIn.links().invitation(id, Role.OWNER, owner), address.of(call)));
        }
        Change.concerns(id);
        return Reply.json(201, answer).withHeader("Location", ALL + "/" + id);
    }

    private Reply read(Call call) {
        return Reply.json(200, json(accounts.tenant(id(call))));
    }

    private Reply change(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("name", "closed"));
        JsonNode closed = body.path("closed");
        if (!closed.isMissingNode() && !closed.isBoolean()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be true or false", "closed");
        }
        Tenant tenant = accounts.tenant(id(call));
        ObjectNode before = json(tenant);
        if (body.has("name")) {
            tenant = accounts.renameTenant(tenant.id(), Call.text(body, "name"));
        }
        if (closed.isBoolean()) {
            tenant = accounts.closeTenant(tenant.id(), closed.booleanValue());
        }
        Change.tell(before, json(tenant));
        Change.concerns(tenant.id());
        return Reply.json(200, json(tenant));
    }

    private Reply close(Call call) {
        ObjectNode before = json(accounts.tenant(id(call)));
        Change.tell(before, json(accounts.closeTenant(id(call), true)));
        Change.concerns(id(call));
        return Reply.empty(204);
    }

    private static TenantId id(Call call) {
        try {
            return new TenantId(call.pathParameter("tenant"));
        } catch (TidemarkException _) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such tenant");
        }
    }

    private static ObjectNode json(Tenant tenant) {
        Instant closedAt = tenant.closedAt();
        return JSON.createObjectNode()
                .put("tenant_id", tenant.id().value())
                .put("name", tenant.name())
                .put("created_at", tenant.createdAt().toString())
                .put("closed_at", closedAt == null ? null : closedAt.toString());
    }
}
