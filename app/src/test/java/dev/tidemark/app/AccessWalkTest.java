package dev.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.http.RouteTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
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
    private static List<AccessVisitor> visitors;

    @BeforeAll
    @SuppressWarnings("NullAway.Init")
    static void open() throws Exception {
        world = new AccessWorld(directory);
        acme = world.of(AccessWorld.ACME);
        globex = world.of(AccessWorld.GLOBEX);
        visitors = new AccessVisitors(world).all();
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
            for (AccessVisitor visitor : visitors) {
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
        for (AccessVisitor visitor : visitors) {
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
        for (AccessVisitor visitor : visitors) {
            if (visitor.may() != null
                    && visitor.may().contains("reports:view")
                    && visitor.report().isEmpty()) {
                String other = visitor.tenant().equals(AccessWorld.ACME) ? AccessWorld.GLOBEX : AccessWorld.ACME;
                AccessWorld.Answer answer = world.send(
                        "GET", "/api/v1/reports", "", AccessVisitors.with(visitor.headers(), "X-Tenant-ID", other));
                assertThat(answer.status()).as(visitor.name()).isEqualTo(403);
                assertThat(answer.body()).doesNotContain(world.of(other).mark());
            }
        }
    }

    private static boolean meet(RouteTable.Entry route, AccessVisitor visitor, SoftAssertions softly) throws Exception {
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
        } else if (visitor.reach() == AccessVisitor.Reach.NOTHING) {
            softly.assertThat(answer.status()).as(where).isEqualTo(401);
        } else if (!admitted) {
            softly.assertThat(answer.status()).as(where).isIn(401, 403, 404);
        } else if (own) {
            softly.assertThat(answer.status()).as(where).isNotIn(401, 403).isLessThan(500);
        } else {
            softly.assertThat(answer.status()).as(where).isIn(403, 404);
        }
        if (admitted && name.equals("GET /api/v1/server/users")) {
            // Administrators of the server see who has an account, whatever the tenant.
            return true;
        }
        String foreign = visitor.tenant().equals(AccessWorld.GLOBEX) ? acme.mark() : globex.mark();
        softly.assertThat(answer.body()).as(where).doesNotContain(foreign);
        if (!admitted && !open(route)) {
            softly.assertThat(answer.body()).as(where).doesNotContain(acme.mark(), globex.mark());
        }
        return true;
    }

    private static boolean admitted(RouteTable.Entry route, AccessVisitor visitor) {
        String needed = route.access().wireName();
        boolean byEmbed = needed.endsWith("+embed");
        String permission = needed.replace("+embed", "");
        return switch (visitor.reach()) {
            case NOTHING -> open(route);
            case OPERATOR -> open(route) || needed.equals("server") || needed.equals("metrics");
            case METRICS -> open(route) || needed.equals("metrics");
            case SERVER_SESSION ->
                open(route) || Set.of("server", "metrics", "signed-in").contains(needed);
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

    private static boolean may(AccessVisitor visitor, String permission) {
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
                .replace(":sessionId", "0123456789abcdef01234567")
                .replace(":linkId", of.invitation())
                .replace(":shareId", of.share())
                .replace(":tenant", of.tenant())
                .replace(":eventType", "order")
                .replace(":writeKey", of.writeKey())
                .replace(":id", id)
                .replace("*", "none.js");
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
