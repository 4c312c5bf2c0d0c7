package dev.tidemark.app;

import dev.tidemark.http.RouteTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What an attacker who belongs to one tenant, and an operator who does silly things, can show: good and bad credentials, and the ids of things.
 * What removes something is given things that can be spared, so that later requests still find something to attack. Immutable once made.
 */
final class HostileCredentials {
    private static final int SPARES = 25;

    private final AccessWorld.Things own;
    private final AccessWorld.Things other;
    private final List<String[]> tenant = new ArrayList<>();
    private final List<String[]> bad = new ArrayList<>();
    private final String[] session;
    private final String[] leaving;
    private final String[] administrator;
    private final String[] operator;
    private final String[] embed;
    private final Map<String, List<String>> spares = new HashMap<>();

    HostileCredentials(AccessWorld world) throws Exception {
        own = world.of(AccessWorld.ACME);
        other = world.of(AccessWorld.GLOBEX);
        Duration hours = Duration.ofHours(5);
        AccessWorld.Session owner = world.member(AccessWorld.ACME, "owner");
        session = owner.changing();
        leaving = world.member(AccessWorld.ACME, "viewer").changing();
        administrator = world.administrator().changing();
        operator = AccessWorld.bearer(world.operatorKey());
        embed = AccessWorld.bearer(world.embedToken(AccessWorld.ACME, own.report(), Duration.ZERO, hours));
        tenant.add(AccessWorld.bearer(own.secretKey()));
        tenant.add(new String[] {"X-API-Key", own.secretKey()});
        tenant.add(new String[] {"Authorization", basic(own.secretKey() + ":")});
        tenant.add(AccessWorld.bearer(world.jwt(AccessWorld.ACME, "owner", hours)));
        tenant.add(session);
        bad.add(new String[0]);
        bad.add(AccessWorld.bearer(own.writeKey()));
        bad.add(embed);
        bad.add(AccessWorld.bearer(world.embedToken(AccessWorld.ACME, other.report(), Duration.ZERO, hours)));
        bad.add(AccessWorld.bearer(world.embedToken(AccessWorld.ACME, own.report(), hours, Duration.ofHours(1))));
        bad.add(AccessWorld.bearer(world.jwt(AccessWorld.ACME, "viewer", hours)));
        bad.add(AccessWorld.bearer(world.jwt(AccessWorld.ACME, "owner", hours.negated())));
        bad.add(AccessWorld.bearer(world.jwt(AccessWorld.ACME, "root", hours)));
        bad.add(AccessWorld.bearer("a.b.c"));
        bad.add(AccessWorld.bearer("eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJnbG9iZXgiLCJyb2xlIjoib3duZXIifQ."));
        bad.add(AccessWorld.bearer("sk_" + "x".repeat(7_000)));
        bad.add(AccessWorld.bearer(".".repeat(5_000)));
        bad.add(new String[] {"Authorization", "Basic !!!"});
        bad.add(new String[] {"Authorization", "Basic /w=="});
        bad.add(new String[] {"Authorization", "Negotiate x"});
        bad.add(new String[] {"Authorization", ""});
        bad.add(new String[] {"X-API-Key", "\u00e9\u00ff\u0001"});
        bad.add(new String[] {"Cookie", "tidemark_session=" + "A".repeat(43)});
        bad.add(owner.reading());
        bad.add(session);
        bad.add(AccessWorld.bearer(own.secretKey()));
        spare(world);
    }

    private void spare(AccessWorld world) throws Exception {
        String[] secret = AccessWorld.bearer(own.secretKey());
        for (int index = 0; index < SPARES; index++) {
            put(
                    "reports",
                    world.sent("POST", "/api/v1/reports", "{\"report_name\":\"spare\",\"widgets\":[]}", secret)
                            .path("report_id")
                            .asText());
            put(
                    "cohorts",
                    world.sent(
                                    "POST",
                                    "/api/v1/cohorts",
                                    "{\"name\":\"spare " + index + "\",\"kind\":\"static\",\"user_ids\":[\"a\"]}",
                                    secret)
                            .path("cohort_id")
                            .asText());
            put(
                    "keys",
                    world.sent("POST", "/api/v1/keys", "{\"kind\":\"write\"}", secret)
                            .path("key_id")
                            .asText());
            put(
                    "tenants",
                    world.sent("POST", "/api/v1/tenants", "{\"tenant_id\":\"spare-" + index + "\"}", operator)
                            .path("tenant_id")
                            .asText());
            put(
                    "share-links",
                    world.sent("POST", "/api/v1/reports/" + own.report() + "/share-links", "{}", secret)
                            .path("share_id")
                            .asText());
        }
    }

    private void put(String kind, String id) {
        spares.computeIfAbsent(kind, _ -> new ArrayList<>()).add(id);
    }

    /** What opens a route, as far as there is something. */
    String[] enough(RouteTable.Entry route, Random random) {
        String access = route.access().wireName();
        if (route.path().equals("/api/v1/session") && route.method().equals("DELETE")) {
            return leaving;
        }
        return switch (access) {
            case "server" -> random.nextBoolean() ? operator : administrator;
            case "signed-in" -> session;
            case "public" -> new String[0];
            default ->
                access.endsWith("+embed") && random.nextInt(3) == 0 ? embed : tenant.get(random.nextInt(tenant.size()));
        };
    }

    String[] any(Random random) {
        return bad.get(random.nextInt(bad.size()));
    }

    /** An id for a place in a path. */
    String id(RouteTable.Entry route, String segment, Random random) {
        String path = route.path();
        boolean removing = route.method().equals("DELETE") || path.endsWith("/rotate") || path.endsWith("/revoke");
        boolean server = route.access().wireName().equals("server");
        if (segment.equals("*")) {
            return "none.js";
        }
        if (segment.equals(":userId") && server) {
            return "nobody-" + random.nextInt(9);
        }
        if (server) {
            return among(spares.getOrDefault("tenants", List.of()), random);
        }
        AccessWorld.Things whose = random.nextInt(4) == 0 ? other : own;
        return switch (segment) {
            case ":widgetId" -> whose.widget();
            case ":issuerId" -> removing ? other.issuer() : whose.issuer();
            case ":userId" -> path.startsWith("/api/v1/members") ? whose.memberId() : "person-" + random.nextInt(9);
            case ":linkId" -> whose.invitation();
            case ":shareId" -> removing ? among(spares.getOrDefault("share-links", List.of()), random) : whose.share();
            case ":tenant" -> among(spares.getOrDefault("tenants", List.of()), random);
            case ":eventType" -> "order";
            case ":sessionId" -> "0123456789abcdef01234567";
            case ":writeKey" -> whose.writeKey();
            default -> {
                String kind = path.split("/", -1).length > 3 ? path.split("/", -1)[3] : "";
                if (kind.equals("templates")) {
                    yield "commerce";
                }
                if (removing && spares.containsKey(kind)) {
                    yield random.nextInt(4) == 0 ? foreign(kind) : among(spares.getOrDefault(kind, List.of()), random);
                }
                yield switch (kind) {
                    case "cohorts" -> whose.cohort();
                    case "keys" -> whose.key();
                    default -> whose.report();
                };
            }
        };
    }

    private String foreign(String kind) {
        return switch (kind) {
            case "cohorts" -> other.cohort();
            case "keys" -> other.key();
            default -> other.report();
        };
    }

    /** What must be in no answer: a tenant's own secrets as well as everything of the other's. */
    List<String> secrets() {
        return List.of(
                own.secretKey(),
                other.secretKey(),
                other.mark(),
                operator[1].substring("Bearer ".length()),
                session[1].substring(session[1].indexOf('=') + 1),
                AccessWorld.PASSWORD);
    }

    private static String among(List<String> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
