package dev.tidemark.account.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.KeyWish;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.Permission;
import dev.tidemark.account.SettingsJson;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings and keys of the caller's tenant, and what the caller may do in it. */
public final class AccountRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration DEFAULT_OVERLAP = Duration.ofDays(1);

    private final Accounts accounts;
    private final OutboundWeb webhooks;

    /** @param webhooks says which addresses messages may go to */
    public AccountRoutes(Accounts accounts, OutboundWeb webhooks) {
        this.accounts = accounts;
        this.webhooks = webhooks;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, "/api/v1/permissions", Access.needs(Permission.REPORTS_VIEW), this::permissions);
        table.blocking(HttpMethod.GET, "/api/v1/settings", Access.needs(Permission.SETTINGS_READ), this::settings);
        table.blocking(
                HttpMethod.PUT, "/api/v1/settings", Access.needs(Permission.SETTINGS_EDIT), this::changeSettings);
        table.blocking(HttpMethod.GET, "/api/v1/keys", Access.needs(Permission.KEYS_MANAGE), this::keys);
        table.blocking(HttpMethod.POST, "/api/v1/keys", Access.needs(Permission.KEYS_MANAGE), this::createKey);
        table.blocking(
                HttpMethod.POST, "/api/v1/keys/:id/rotate", Access.needs(Permission.KEYS_MANAGE), this::rotateKey);
        table.blocking(HttpMethod.DELETE, "/api/v1/keys/:id", Access.needs(Permission.KEYS_MANAGE), this::revokeKey);
        table.blocking(
                HttpMethod.POST,
                "/api/v1/embed-secret/rotate",
                Access.needs(Permission.TENANT_MANAGE),
                this::rotateEmbedSecret);
    }

    /** What the caller may do, so that a page offers nothing that would be refused. */
    private Reply permissions(Call call) {
        ObjectNode answer =
                JSON.createObjectNode().put("tenant_id", call.tenant().value());
        ArrayNode permissions = answer.putArray("permissions");
        call.requiredCredential().permissions().stream()
                .map(Permission::wireName)
                .sorted()
                .forEach(permissions::add);
        return Reply.json(200, answer);
    }

    private Reply settings(Call call) {
        return Reply.json(200, SettingsJson.write(accounts.settings(call.tenant())));
    }

    private Reply changeSettings(Call call) {
        JsonNode change = call.jsonObject();
        JsonNode webhook = change.path("alerts").path("webhook_url");
        if (webhook.isTextual()) {
            URI _ = webhooks.checked(webhook.textValue(), "alerts.webhook_url");
        }
        ObjectNode before = SettingsJson.write(accounts.settings(call.tenant()));
        ObjectNode after = SettingsJson.write(accounts.changeSettings(call.tenant(), change));
        Change.tell(withoutPath(before), withoutPath(after));
        return Reply.json(200, after);
    }

    /** The settings as they may be written down: the path of a webhook lets in whoever knows it, with some who take messages. */
    private static ObjectNode withoutPath(ObjectNode settings) {
        ObjectNode told = settings.deepCopy();
        JsonNode url = told.path("alerts").path("webhook_url");
        if (url.isTextual()) {
            told.withObject("/alerts")
                    .put("webhook_url", URI.create(url.textValue()).resolve("/").toString());
        }
        return told;
    }

    private Reply keys(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode keys = answer.putArray("keys");
        accounts.keys(call.tenant()).forEach(key -> keys.add(json(key)));
        return Reply.json(200, answer);
    }

    private Reply createKey(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("kind", "name", "origins", "scopes", "events_per_minute"));
        AccessKey.Kind kind = kind(body.path("kind"));
        KeyWish wish = new KeyWish(
                kind,
                name(body.path("name")),
                texts(body.path("origins"), "origins"),
                scopes(call, kind, body.path("scopes")),
                perMinute(body.path("events_per_minute")));
        return created(accounts.createKey(call.tenant(), wish));
    }

    private Reply rotateKey(Call call) {
        JsonNode body = call.body().length == 0 ? JSON.createObjectNode() : call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("overlap_seconds"));
        JsonNode overlap = body.path("overlap_seconds");
        if (!overlap.isMissingNode() && !overlap.isInt()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be a number of seconds", "overlap_seconds");
        }
        String id = call.pathParameter("id");
        requireWithin(call, accounts.key(call.tenant(), id));
        return created(accounts.rotateKey(
                call.tenant(), id, overlap.isMissingNode() ? DEFAULT_OVERLAP : Duration.ofSeconds(overlap.intValue())));
    }

    private static Reply created(Accounts.CreatedKey created) {
        ObjectNode answer = json(created.key());
        Change.tell(null, answer.deepCopy());
        answer.put("key", created.plain().reveal());
        return Reply.json(201, answer);
    }

    /** What a new key may do: what is asked for, or everything that its maker may; never more than that. */
    private static @Nullable Set<Permission> scopes(Call call, AccessKey.Kind kind, JsonNode node) {
        Set<Permission> own = call.requiredCredential().permissions();
        if (node.isMissingNode() || node.isNull()) {
            return kind == AccessKey.Kind.WRITE || own.size() == Permission.values().length ? null : own;
        }
        List<String> texts = texts(node, "scopes");
        Set<Permission> asked = Permission.checked(texts, "scopes");
        if (!own.containsAll(asked)) {
            throw new TidemarkException(
                    ErrorCode.FORBIDDEN, "nobody gives a key more than they may do themselves", "scopes");
        }
        return asked;
    }

    private static void requireWithin(Call call, AccessKey key) {
        Set<Permission> scopes = key.scopes() == null ? EnumSet.allOf(Permission.class) : key.scopes();
        if (key.kind() == AccessKey.Kind.SECRET
                && !call.requiredCredential().permissions().containsAll(scopes)) {
            throw new TidemarkException(ErrorCode.FORBIDDEN, "nobody gives a key more than they may do themselves");
        }
    }

    private static @Nullable Integer perMinute(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isInt()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, "must be a whole number", "events_per_minute");
        }
        return node.intValue();
    }

    private Reply revokeKey(Call call) {
        String id = call.pathParameter("id");
        accounts.keys(call.tenant()).stream()
                .filter(key -> key.id().equals(id))
                .forEach(key -> Change.tell(json(key), null));
        accounts.revokeKey(call.tenant(), id);
        return Reply.empty(204);
    }

    private Reply rotateEmbedSecret(Call call) {
        accounts.rotateEmbedSecret(call.tenant());
        return Reply.empty(204);
    }

    private static ObjectNode json(AccessKey key) {
        ObjectNode node = JSON.createObjectNode();
        node.put("key_id", key.id());
        node.put("kind", key.kind().name().toLowerCase(Locale.ROOT));
        node.put("name", key.name());
        node.put("hint", key.hint() + "...");
        ArrayNode origins = node.putArray("origins");
        key.origins().forEach(origins::add);
        Set<Permission> scopes = key.scopes();
        if (scopes != null) {
            ArrayNode list = node.putArray("scopes");
            scopes.stream().map(Permission::wireName).sorted().forEach(list::add);
        }
        node.put("events_per_minute", key.eventsPerMinute());
        node.put("created_at", key.createdAt().toString());
        node.put("last_used_at", text(key.lastUsedAt()));
        node.put("expires_at", text(key.expiresAt()));
        node.put("revoked_at", text(key.revokedAt()));
        return node;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static AccessKey.Kind kind(JsonNode node) {
        for (AccessKey.Kind kind : AccessKey.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(node.asText())) {
                return kind;
            }
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "kind must be write or secret", "kind");
    }

    private static String name(JsonNode node) {
        if (node.isMissingNode() || node.isTextual()) {
            return node.asText("");
        }
        throw new TidemarkException(ErrorCode.INVALID_FIELD, "name must be a text", "name");
    }

    private static List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        if (!node.isMissingNode() && !node.isArray()) {
            throw new TidemarkException(ErrorCode.INVALID_FIELD, field + " must be a list of texts", field);
        }
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, "must be a text", field + "[" + texts.size() + "]");
            }
            texts.add(element.textValue());
        }
        return texts;
    }
}
