package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.account.Permission;
import dev.tidemark.http.RouteTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every route of the server, met by every kind of credential: who is not meant gets nothing, and no trace of another tenant. */
@Timeout(300)
final class AccessWalkTest {
    /** These act on the caller's own tenant as a whole, and would end what the walk goes on with. */
    private static final Set<String> NOT_IN_EARNEST = Set.of(
            "POST /api/v1/embed-secret/rotate",
            "POST /api/v1/cache/invalidate",
            "POST /api/v1/setup-links",
            "DELETE /api/v1/session");

    @TempDir
    static Path directory;

    private static AccessWorld world;
    private static AccessWorld.Things acme;
    private static AccessWorld.Things globex;
    private static List<Visitor> visitors;

    /**
     * Who comes.
     *
     * @param may the permissions that the credential has by what this test knows of roles; null for one that is good for nothing
     * @param report the only report that it is for; empty for any
     * @param changing what must come along to change something
     */
    private record Visitor(
            String name,
            String tenant,
            @Nullable Set<String> may,
            String report,
            Reach reach,
            String[] headers,
            String[] changing) {
        String[] headersFor(RouteTable.Entry route) {
            return safe(route) ? headers : changing;
        }
    }

    /** Beyond the permissions. */
    private enum Reach {
        NOTHING,
        TENANT,
        WRITE_KEY,
        EMBED,
        JWT,
        SESSION,
        SERVER_SESSION,
        OPERATOR,
        /** A good session whose request does not come from a page of the server. */
        FORGED
    }

    @BeforeAll
    @SuppressWarnings("NullAway.Init")
    static void open() throws Exception {
        world = new AccessWorld(directory);
        acme = world.of(AccessWorld.ACME);
        globex = world.of(AccessWorld.GLOBEX);
        visitors = visitors();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void everyRouteIsForThoseItIsMeantForAndShowsNothingToOthers() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        List<RouteTable.Entry> routes = world.server.routes().stream()
                .filter(route -> !route.method().equals("OPTIONS"))
                .toList();
        assertThat(routes).hasSizeGreaterThan(110);
        int met = 0;
        for (RouteTable.Entry route : routes) {
            for (Visitor visitor : visitors) {
                if (meet(route, visitor, softly)) {
                    met++;
                }
            }
        }
        softly.assertAll();
        assertThat(met).isGreaterThan(routes.size() * 20);
        everythingIsStillThere();
    }

    @Test
    void theSocketIsForThoseItIsMeantForToo() throws Exception {
        RouteTable.Entry socket = world.server.routes().stream()
                .filter(route -> route.path().endsWith("/ws"))
                .findFirst()
                .orElseThrow();
        SoftAssertions softly = new SoftAssertions();
        for (Visitor visitor : visitors) {
            if (visitor.headers().length == 0 || !visitor.headers()[0].equals("Authorization")) {
                continue;
            }
            String message = world.firstMessage(path(socket, acme), visitor.headers());
            if (admitted(socket, visitor) && !visitor.tenant().equals(AccessWorld.GLOBEX)) {
                softly.assertThat(message).as(visitor.name()).contains("snapshot", acme.mark());
            } else {
                softly.assertThat(message)
                        .as(visitor.name())
                        .containsPattern("\"status\":40[134]")
                        .doesNotContain(acme.mark(), globex.mark());
            }
        }
        softly.assertAll();
    }

    @Test
    void aWriteKeyWithALimitSendsItsShareAndNoMore() throws Exception {
        String key = world.sent(
                        "POST",
                        "/api/v1/keys",
                        "{\"kind\":\"write\",\"events_per_minute\":2}",
                        AccessWorld.bearer(acme.secretKey()))
                .path("key")
                .asText();
        String two = "{\"batch\":[{\"event_type\":\"order\"},{\"event_type\":\"order\"}]}";
        assertThat(world.send("POST", "/api/v1/events", two, AccessWorld.bearer(key))
                        .status())
                .isEqualTo(202);
        AccessWorld.Answer over = world.send("POST", "/api/v1/events", two, AccessWorld.bearer(key));
        assertThat(over.status()).isEqualTo(429);
        assertThat(over.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void theWalkKnowsEveryPlaceInEveryPath() {
        for (RouteTable.Entry route : world.server.routes()) {
            assertThat(path(route, acme)).as(route.path()).doesNotContain(":");
        }
    }

    @Test
    void theHeaderCannotNameAnotherTenantThanTheCredential() throws Exception {
        for (Visitor visitor : visitors) {
            if (visitor.may() != null
                    && visitor.may().contains("reports:view")
                    && visitor.report().isEmpty()) {
                String other = visitor.tenant().equals(AccessWorld.ACME) ? AccessWorld.GLOBEX : AccessWorld.ACME;
                AccessWorld.Answer answer =
                        world.send("GET", "/api/v1/reports", "", with(visitor.headers(), "X-Tenant-ID", other));
                assertThat(answer.status()).as(visitor.name()).isEqualTo(403);
                assertThat(answer.body()).doesNotContain(world.of(other).mark());
            }
        }
    }

    private static boolean meet(RouteTable.Entry route, Visitor visitor, SoftAssertions softly) throws Exception {
        String name = route.method() + " " + route.path();
        if (name.endsWith("/ws")) {
            return false;
        }
        boolean admitted = admitted(route, visitor);
        boolean own = !visitor.tenant().equals(AccessWorld.GLOBEX) || !names(route);
        if (admitted && own && !harmless(route, name)) {
            return false;
        }
        String body = safe(route) || route.method().equals("DELETE") ? "" : admitted && own ? "[" : "{}";
        AccessWorld.Answer answer = world.send(route.method(), path(route, acme), body, visitor.headersFor(route));
        String where = name + " for " + visitor.name() + " answers " + answer;
        if (open(route)) {
            softly.assertThat(answer.status()).as(where).isLessThan(500);
        } else if (visitor.reach() == Reach.NOTHING) {
            softly.assertThat(answer.status()).as(where).isEqualTo(401);
        } else if (!admitted) {
            softly.assertThat(answer.status()).as(where).isIn(401, 403, 404);
        } else if (own) {
            softly.assertThat(answer.status()).as(where).isNotIn(401, 403).isLessThan(500);
        } else {
            softly.assertThat(answer.status()).as(where).isIn(403, 404);
        }
        String foreign = visitor.tenant().equals(AccessWorld.GLOBEX) ? acme.mark() : globex.mark();
        softly.assertThat(answer.body()).as(where).doesNotContain(foreign);
        if (!admitted && !open(route)) {
            softly.assertThat(answer.body()).as(where).doesNotContain(acme.mark(), globex.mark());
        }
        return true;
    }

    private static boolean admitted(RouteTable.Entry route, Visitor visitor) {
        String needed = route.access().wireName();
        boolean byEmbed = needed.endsWith("+embed");
        String permission = needed.replace("+embed", "");
        return switch (visitor.reach()) {
            case NOTHING -> open(route);
            case OPERATOR -> open(route) || needed.equals("server");
            case SERVER_SESSION -> open(route) || needed.equals("server") || needed.equals("signed-in");
            case WRITE_KEY -> open(route) || permission.equals("events:send");
            case EMBED ->
                open(route) || (byEmbed && names(route) && visitor.report().equals(acme.report()));
            case TENANT -> open(route) || may(visitor, permission);
            case JWT -> open(route) || (may(visitor, permission) && !withKeysAlone(route));
            case SESSION ->
                open(route) || needed.equals("signed-in") || (may(visitor, permission) && !withKeysAlone(route));
            case FORGED -> open(route) || (safe(route) && (needed.equals("signed-in") || may(visitor, permission)));
        };
    }

    private static boolean may(Visitor visitor, String permission) {
        Set<String> may = visitor.may();
        return may != null && may.contains(permission);
    }

    private static boolean open(RouteTable.Entry route) {
        return route.access().wireName().equals("public");
    }

    /** What runs on event loops takes no other credential. */
    private static boolean withKeysAlone(RouteTable.Entry route) {
        return route.access().wireName().equals("events:send") || name(route).equals("POST /api/v1/dead-letters");
    }

    private static boolean safe(RouteTable.Entry route) {
        return route.method().equals("GET");
    }

    private static boolean harmless(RouteTable.Entry route, String name) {
        return !route.method().equals("DELETE") && !NOT_IN_EARNEST.contains(name);
    }

    private static String name(RouteTable.Entry route) {
        return route.method() + " " + route.path();
    }

    /** Whether the path names something of one tenant, which another cannot have too. */
    private static boolean names(RouteTable.Entry route) {
        return route.path().contains(":")
                && !route.path().contains("/templates/")
                && !route.path().startsWith("/api/v1/users/")
                && !open(route)
                && !route.path().contains("/:eventType");
    }

    private static String path(RouteTable.Entry route, AccessWorld.Things of) {
        String id = route.path().startsWith("/api/v1/keys/")
                ? of.key()
                : route.path().startsWith("/api/v1/cohorts/")
                        ? of.cohort()
                        : route.path().startsWith("/api/v1/templates/") ? "commerce" : of.report();
        return route.path()
                .replace(":widgetId", of.widget())
                .replace(":issuerId", of.issuer())
                .replace(":userId", of.memberId())
                .replace(":linkId", of.invitation())
                .replace(":shareId", of.share())
                .replace(":tenant", of.tenant())
                .replace(":eventType", "order")
                .replace(":writeKey", of.writeKey())
                .replace(":id", id)
                .replace("*", "none.js");
    }

    private static List<Visitor> visitors() throws Exception {
        Set<String> all = Set.of(everything());
        List<Visitor> visitors = new ArrayList<>();
        nobodies(visitors);
        for (AccessWorld.Things tenant : List.of(acme, globex)) {
            String name = tenant.tenant();
            add(visitors, "secret key of " + name, name, all, "", Reach.TENANT, AccessWorld.bearer(tenant.secretKey()));
            add(
                    visitors,
                    "write key of " + name,
                    name,
                    Set.of(),
                    "",
                    Reach.WRITE_KEY,
                    AccessWorld.bearer(tenant.writeKey()));
            for (String role : List.of("owner", "admin", "editor", "viewer")) {
                Set<String> may = ofRole(role);
                String jwt = world.jwt(name, role, Duration.ofHours(1));
                add(visitors, role + "'s JWT of " + name, name, may, "", Reach.JWT, AccessWorld.bearer(jwt));
                AccessWorld.Session session = world.member(name, role);
                visitors.add(new Visitor(
                        role + " of " + name, name, may, "", Reach.SESSION, session.reading(), session.changing()));
                visitors.add(new Visitor(
                        role + " of " + name + " without the CSRF token",
                        name,
                        may,
                        "",
                        Reach.FORGED,
                        session.reading(),
                        session.reading()));
                visitors.add(new Visitor(
                        role + " of " + name + " on another site's page",
                        name,
                        may,
                        "",
                        Reach.FORGED,
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
                Reach.TENANT,
                AccessWorld.bearer(scoped));
        Duration hour = Duration.ofHours(1);
        add(
                visitors,
                "embed token",
                AccessWorld.ACME,
                Set.of(),
                acme.report(),
                Reach.EMBED,
                AccessWorld.bearer(world.embedToken(AccessWorld.ACME, acme.report(), Duration.ZERO, hour)));
        for (String[] wrong : new String[][] {
            {AccessWorld.ACME, acme.otherReport()},
            {AccessWorld.GLOBEX, globex.report()},
            {AccessWorld.GLOBEX, acme.report()}
        }) {
            visitors.add(new Visitor(
                    "embed token of " + wrong[0] + " for " + wrong[1],
                    wrong[0],
                    Set.of(),
                    wrong[1],
                    Reach.EMBED,
                    AccessWorld.bearer(world.embedToken(wrong[0], wrong[1], Duration.ZERO, hour)),
                    AccessWorld.bearer(world.embedToken(wrong[0], wrong[1], Duration.ZERO, hour))));
        }
        AccessWorld.Session root = world.administrator();
        visitors.add(new Visitor(
                "administrator of the server",
                "",
                Set.of(),
                "",
                Reach.SERVER_SESSION,
                root.reading(),
                root.changing()));
        add(visitors, "operator's key", "", Set.of(), "", Reach.OPERATOR, AccessWorld.bearer(world.operatorKey()));
        return visitors;
    }

    /** Credentials that are good for nothing. */
    private static void nobodies(List<Visitor> visitors) throws Exception {
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
        all.forEach((name, headers) -> add(visitors, name, "", Set.of(), "", Reach.NOTHING, headers));
    }

    private static void add(
            List<Visitor> visitors,
            String name,
            String tenant,
            Set<String> may,
            String report,
            Reach reach,
            String... headers) {
        visitors.add(new Visitor(name, tenant, may, report, reach, headers, headers));
    }

    private static String changed(String token) {
        int at = token.lastIndexOf('.') + 3;
        return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
    }

    private static String[] with(String[] headers, String name, String value) {
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

    private static void everythingIsStillThere() throws Exception {
        for (AccessWorld.Things tenant : List.of(acme, globex)) {
            String[] secret = AccessWorld.bearer(tenant.secretKey());
            assertThat(world.send("GET", "/api/v1/reports/" + tenant.report(), "", secret)
                            .status())
                    .isEqualTo(200);
            assertThat(world.send("GET", "/api/v1/cohorts/" + tenant.cohort(), "", secret)
                            .status())
                    .isEqualTo(200);
            assertThat(world.send("GET", "/api/v1/members", "", secret).body()).contains(tenant.memberId());
            assertThat(world.send("GET", "/api/v1/keys", "", secret).body()).contains(tenant.key());
        }
    }
}
