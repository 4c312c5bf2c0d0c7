package dev.tidemark.signin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Role;
import dev.tidemark.base.TenantId;
import java.util.Locale;

/** The JSON form of one-time links. */
final class LinkJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LinkJson() {}

    /** With the address that is shown once; the secret stands behind the {@code #}, so that no server's log sees it. */
    static ObjectNode made(Links.Made made, String origin) {
        return json(made.link()).put("url", url(origin, made.secret()));
    }

    static String url(String origin, String secret) {
        return origin + "/#link=" + secret;
    }

    static ObjectNode json(OneTimeLink link) {
        TenantId tenant = link.tenant();
        Role role = link.role();
        return JSON.createObjectNode()
                .put("link_id", link.id())
                .put("purpose", link.purpose().name().toLowerCase(Locale.ROOT))
                .put("email", link.email())
                .put("tenant_id", tenant == null ? null : tenant.value())
                .put("role", role == null ? null : role.wireName())
                .put("created_at", link.createdAt().toString())
                .put("expires_at", link.expiresAt().toString());
    }
}
