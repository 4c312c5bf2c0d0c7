package dev.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Permission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every kind of credential that there is in a world, good ones and bad ones. */
final class AccessVisitors {
    private final AccessWorld world;
    private final AccessWorld.Things acme;
    private final AccessWorld.Things globex;

    AccessVisitors(AccessWorld world) {
        this.world = world;
        this.acme = world.of(AccessWorld.ACME);
        this.globex = world.of(AccessWorld.GLOBEX);
    }

    /** One of every kind. Once for a world. */
    List<AccessVisitor> all() throws Exception {
        Set<String> all = Set.of(everything());
        List<AccessVisitor> visitors = new ArrayList<>();
        nobodies(visitors);
        for (AccessWorld.Things tenant : List.of(acme, globex)) {
            String name = tenant.tenant();
            add(
                    visitors,
                    "secret key of " + name,
                    name,
                    all,
                    "",
                    AccessVisitor.Reach.TENANT,
                    AccessWorld.bearer(tenant.secretKey()));
            add(
                    visitors,
                    "write key of " + name,
                    name,
                    Set.of(),
                    "",
                    AccessVisitor.Reach.WRITE_KEY,
                    AccessWorld.bearer(tenant.writeKey()));
            for (String role : List.of("owner", "admin", "editor", "viewer")) {
                Set<String> may = ofRole(role);
                String jwt = world.jwt(name, role, Duration.ofHours(1));
                add(
                        visitors,
                        role + "'s JWT of " + name,
                        name,
                        may,
                        "",
                        AccessVisitor.Reach.JWT,
                        AccessWorld.bearer(jwt));
                AccessWorld.Session session = world.member(name, role);
                visitors.add(new AccessVisitor(
                        role + " of " + name,
                        name,
                        may,
                        "",
                        AccessVisitor.Reach.SESSION,
                        session.reading(),
                        session.changing()));
                visitors.add(new AccessVisitor(
                        role + " of " + name + " without the CSRF token",
                        name,
                        may,
                        "",
                        AccessVisitor.Reach.FORGED,
                        session.reading(),
                        session.reading()));
                visitors.add(new AccessVisitor(
                        role + " of " + name + " on another site's page",
                        name,
                        may,
                        "",
                        AccessVisitor.Reach.FORGED,
                        session.reading(),
                        with(session.changing(), "Origin", "https://evil.example")));
            }
        }
        String scoped = world.sent(
                        "POST",
                        "/api/v1/keys",
                        "{\"kind\":\"secret\",\"scopes\":[\"reports:view\",\"status:read\"]}",
                        AccessWorld.bearer(acme.secretKey()))
                .path("key")
                .asText();
        add(
                visitors,
                "key with two scopes",
                AccessWorld.ACME,
                Set.of("reports:view", "status:read"),
                "",
                AccessVisitor.Reach.TENANT,
                AccessWorld.bearer(scoped));
        Duration hour = Duration.ofHours(1);
        add(
                visitors,
                "embed token",
                AccessWorld.ACME,
                Set.of(),
                acme.report(),
                AccessVisitor.Reach.EMBED,
                AccessWorld.bearer(world.embedToken(AccessWorld.ACME, acme.report(), Duration.ZERO, hour)));
        for (String[] wrong : new String[][] {
            {AccessWorld.ACME, acme.otherReport()},
            {AccessWorld.GLOBEX, globex.report()},
            {AccessWorld.GLOBEX, acme.report()}
        }) {
            visitors.add(new AccessVisitor(
                    "embed token of " + wrong[0] + " for " + wrong[1],
                    wrong[0],
                    Set.of(),
                    wrong[1],
                    AccessVisitor.Reach.EMBED,
                    AccessWorld.bearer(world.embedToken(wrong[0], wrong[1], Duration.ZERO, hour)),
                    AccessWorld.bearer(world.embedToken(wrong[0], wrong[1], Duration.ZERO, hour))));
        }
        AccessWorld.Session root = world.administrator();
        visitors.add(new AccessVisitor(
                "administrator of the server",
                "",
                Set.of(),
                "",
                AccessVisitor.Reach.SERVER_SESSION,
                root.reading(),
                root.changing()));
        add(
                visitors,
                "operator's key",
                "",
                Set.of(),
                "",
                AccessVisitor.Reach.OPERATOR,
                AccessWorld.bearer(world.operatorKey()));
        add(
                visitors,
                "key for the metrics",
                "",
                Set.of(),
                "",
                AccessVisitor.Reach.METRICS,
                AccessWorld.bearer(AccessWorld.METRICS_KEY));
        return visitors;
    }

    /** Credentials that are good for nothing. */
    private void nobodies(List<AccessVisitor> visitors) throws Exception {
        Duration hour = Duration.ofHours(1);
        String[] secret = AccessWorld.bearer(acme.secretKey());
        String embed = world.embedToken(AccessWorld.ACME, acme.report(), Duration.ZERO, hour.multipliedBy(2));
        String jwt = world.jwt(AccessWorld.ACME, "owner", hour);
        JsonNode former = world.sent("POST", "/api/v1/keys", "{\"kind\":\"secret\"}", secret);
        world.sent("DELETE", "/api/v1/keys/" + former.path("key_id").asText(), "", secret);
        JsonNode rotated = world.sent("POST", "/api/v1/keys", "{\"kind\":\"secret\"}", secret);
        world.sent(
                "POST",
                "/api/v1/keys/" + rotated.path("key_id").asText() + "/rotate",
                "{\"overlap_seconds\":0}",
                secret);
        JsonNode ended = world.sent("POST", "/api/v1/reports/" + acme.report() + "/embed-tokens", "{}", secret);
        world.sent(
                "POST",
                "/api/v1/reports/" + acme.report() + "/embed-tokens/revoke",
                "{\"token_id\":\"" + ended.path("token_id").asText() + "\"}",
                secret);
        JsonNode closed = world.sent(
                "POST", "/api/v1/tenants", "{\"tenant_id\":\"closed\"}", AccessWorld.bearer(world.operatorKey()));
        world.sent("DELETE", "/api/v1/tenants/closed", "", AccessWorld.bearer(world.operatorKey()));
        AccessWorld.Session left = world.member(AccessWorld.ACME, "editor");
        world.sent("DELETE", "/api/v1/session", "", left.changing());
        world.sent("DELETE", "/api/v1/members/" + left.userId(), "", secret);
        Map<String, String[]> all = new LinkedHashMap<>();
        all.put("nobody", new String[0]);
        all.put("nonsense", AccessWorld.bearer("nonsense"));
        all.put("a nonsensical token", AccessWorld.bearer("a.b.c"));
        all.put("digest", new String[] {"Authorization", "Digest x"});
        all.put("a revoked key", AccessWorld.bearer(former.path("key").asText()));
        all.put("a rotated key", AccessWorld.bearer(rotated.path("key").asText()));
        all.put("a changed key", AccessWorld.bearer(acme.secretKey().substring(0, 42) + "x"));
        all.put(
                "the key of a closed tenant",
                AccessWorld.bearer(closed.path("secret_key").asText()));
        all.put("a revoked embed token", AccessWorld.bearer(ended.path("token").asText()));
        all.put("a changed embed token", AccessWorld.bearer(changed(embed)));
        all.put(
                "an expired embed token",
                AccessWorld.bearer(world.embedToken(AccessWorld.ACME, acme.report(), hour.multipliedBy(3), hour)));
        all.put("a changed JWT", AccessWorld.bearer(changed(jwt)));
        all.put("an expired JWT", AccessWorld.bearer(world.jwt(AccessWorld.ACME, "owner", hour.negated())));
        all.put("a JWT without a known role", AccessWorld.bearer(world.jwt(AccessWorld.ACME, "root", hour)));
        all.put("a session that was left", left.changing());
        all.put("a session that never was", new String[] {"Cookie", "tidemark_session=" + "A".repeat(43)});
        all.forEach((name, headers) -> add(visitors, name, "", Set.of(), "", AccessVisitor.Reach.NOTHING, headers));
    }

    private static void add(
            List<AccessVisitor> visitors,
            String name,
            String tenant,
            Set<String> may,
            String report,
            AccessVisitor.Reach reach,
            String... headers) {
        visitors.add(new AccessVisitor(name, tenant, may, report, reach, headers, headers));
    }

    private static String changed(String token) {
        int at = token.lastIndexOf('.') + 3;
        return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
    }

    static String[] with(String[] headers, String name, String value) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = name;
        all[headers.length + 1] = value;
        return all;
    }

    private static Set<String> ofRole(String role) {
        String viewer = "reports:view status:read ";
        String editor =
                viewer + "events:read data:query catalog:read reports:edit reports:share cohorts:read cohorts:edit"
                        + " schemas:read dead_letters:read settings:read ";
        String admin = editor
                + "events:send reports:restrict schemas:edit dead_letters:edit settings:edit keys:manage members:read"
                + " members:manage privacy:manage audit:read ";
        return switch (role) {
            case "owner" -> Set.of(everything());
            case "admin" -> Set.of(admin.strip().split(" "));
            case "editor" -> Set.of(editor.strip().split(" "));
            default -> Set.of(viewer.strip().split(" "));
        };
    }

    private static String[] everything() {
        return Arrays.stream(Permission.values()).map(Permission::wireName).toArray(String[]::new);
    }
}
