package dev.tidemark.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.EmbedRevocations;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.KeyHash;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.Passwords;
import dev.tidemark.account.Permission;
import dev.tidemark.account.Throttle;
import dev.tidemark.account.User;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.Change;
import dev.tidemark.http.PagePolicy;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.report.Report;
import dev.tidemark.report.ReportId;
import dev.tidemark.report.Reports;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Share links: anybody who has one gets a short embed token for it, again and again, until the link is over. The secret part stands behind
 * the {@code #} of its address, so that no server's log sees it.
 */
public final class ShareRoutes implements Routes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINKS = "/api/v1/reports/:id/share-links";
    private static final String PAGE_FILE = "share.html";
    private static final Access SHARE = Access.onReport(Permission.REPORTS_SHARE);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Duration MAX_LIFETIME = Duration.ofDays(3_650);
    private static final int SECRET_BYTES = 32;
    private static final int MAX_SECRET = 100;
    private static final int MAX_LINKS = 200;

    private final Reports reports;
    private final EmbedTokens tokens;
    private final EmbedRevocations revocations;
    private final ShareLinkStore store;
    private final Passwords passwords;
    private final Throttle throttle;
    private final WebFiles files;
    private final PublicAddress address;
    private final TimeSource clock;
    private final RandomGenerator random;
    private final UuidV7 ids;

    /** @param random a cryptographic one outside tests */
    public ShareRoutes(
            MetadataDatabase database,
            Reports reports,
            EmbedTokens tokens,
            EmbedRevocations revocations,
            Passwords passwords,
            WebFiles files,
            PublicAddress address,
            TimeSource clock,
            RandomGenerator random,
            UuidV7 ids) {
        this.store = new SqliteShareLinkStore(database);
        this.reports = reports;
        this.tokens = tokens;
        this.revocations = revocations;
        this.passwords = passwords;
        this.throttle = new Throttle(clock);
        this.files = files;
        this.address = address;
        this.clock = clock;
        this.random = random;
        this.ids = ids;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, LINKS, SHARE, this::list);
        table.blocking(HttpMethod.POST, LINKS, SHARE, this::create);
        table.blocking(HttpMethod.DELETE, LINKS + "/:shareId", SHARE, this::revoke);
        table.blocking(HttpMethod.POST, "/api/v1/share/open", Access.PUBLIC, this::open);
        table.blocking(HttpMethod.GET, "/share", Access.PUBLIC, this::page);
    }

    private Reply list(Call call) {
        Report report = report(call);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode links = answer.putArray("share_links");
        store.of(call.tenant(), report.id().value()).forEach(link -> links.add(json(link)));
        return Reply.json(200, answer);
    }

    private Reply create(Call call) {
        Report report = report(call);
        JsonNode body = call.body().length == 0 ? JSON.createObjectNode() : call.jsonObject();
        Call.onlyKnownFields(
                body, "", List.of("name", "password", "expires_in", "filter", "pickers", "theme", "controls"));
        ObjectNode embedded = JSON.createObjectNode();
        for (String member : List.of("filter", "pickers", "theme", "controls")) {
            if (body.hasNonNull(member)) {
                embedded.set(member, body.get(member));
            }
        }
        EmbedRequest request = EmbedRequest.ofBody(embedded, report, reports.context(call.tenant()));
        Instant now = Instant.ofEpochMilli(clock.millis());
        if (store.of(call.tenant(), report.id().value()).stream()
                        .filter(link -> link.good(now))
                        .count()
                >= MAX_LINKS) {
            throw new TidemarkException(
                    ErrorCode.CONFLICT, "the report has " + MAX_LINKS + " share links already: revoke one first");
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        ShareLink link = new ShareLink(
                ids.next().toString(),
                KeyHash.of(secret),
                call.tenant(),
                report.id().value(),
                User.checkedName(Call.text(body, "name", ""), "name"),
                body.hasNonNull("password")
                        ? passwords.hash(Passwords.checked(Call.text(body, "password"), "password"))
                        : null,
                request.lockedFilter(),
                request.pickers(),
                request.controls(),
                request.theme(),
                now,
                body.hasNonNull("expires_in") ? now.plus(lifetime(body.get("expires_in"))) : null,
                null);
        store.add(link);
        Change.tell(null, json(link).without("filter"));
        return Reply.json(201, json(link).put("url", address.of(call) + "/share#" + secret));
    }

    private Reply revoke(Call call) {
        String id = call.pathParameter("shareId");
        if (!store.revoke(call.tenant(), call.pathParameter("id"), id, clock.instant())) {
            throw new TidemarkException(ErrorCode.NOT_FOUND, "there is no such share link");
        }
        revocations.revokeShare(call.tenant(), id);
        return Reply.empty(204);
    }

    /** Gives a token that ends soon, and with the link. */
    private Reply open(Call call) {
        JsonNode body = call.jsonObject();
        Call.onlyKnownFields(body, "", List.of("link", "password"));
        String secret = Call.text(body, "link");
        Instant now = clock.instant();
        ShareLink link = (secret.length() > MAX_SECRET ? Optional.<ShareLink>empty() : store.find(KeyHash.of(secret)))
                .filter(found -> found.good(now))
                .orElseThrow(ShareRoutes::over);
        requirePassword(call, link, Call.text(body, "password", ""));
        Report report = reports.find(link.tenant(), new ReportId(link.reportId()));
        Instant end = link.expiresAt();
        Duration left = end == null ? TOKEN_LIFETIME : Duration.between(now, end);
        Duration lifetime = left.compareTo(TOKEN_LIFETIME) < 0 ? left : TOKEN_LIFETIME;
        EmbedTokens.Issued issued = tokens.issue(new EmbedTokens.Grant(
                link.tenant(),
                link.reportId(),
                link.lockedFilter(),
                List.of(),
                link.theme(),
                Duration.ofSeconds(Math.max(1, lifetime.toSeconds())),
                link.pickers(),
                link.id(),
                link.controls()));
        return Reply.json(
                200,
                JSON.createObjectNode()
                        .put("token", issued.token())
                        .put("report_id", report.id().value())
                        .put("theme", link.theme())
                        .put("expires_at", issued.expiresAt().toString()));
    }

    private void requirePassword(Call call, ShareLink link, String password) {
        Secret hash = link.passwordHash();
        if (hash == null) {
            return;
        }
        if (password.isEmpty()) {
            throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "this link needs its password", "password");
        }
        String client = address.client(call);
        throttle.attempt(link.id(), client);
        if (!passwords.matches(hash, password)) {
            throw new TidemarkException(ErrorCode.UNAUTHENTICATED, "that is not the password of this link", "password");
        }
        throttle.succeeded(link.id(), client);
    }

    private Reply page(Call call) {
        return PagePolicy.on(files.reply(call, PAGE_FILE), "form-action 'self'", "frame-ancestors 'none'")
                .withHeader("Referrer-Policy", "no-referrer");
    }

    private Report report(Call call) {
        return reports.find(call.tenant(), new ReportId(call.pathParameter("id")));
    }

    private static Duration lifetime(JsonNode seconds) {
        if (!seconds.isIntegralNumber() || seconds.longValue() < 1 || seconds.longValue() > MAX_LIFETIME.toSeconds()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD,
                    "must be from 1 to " + MAX_LIFETIME.toSeconds() + " seconds",
                    "expires_in");
        }
        return Duration.ofSeconds(seconds.longValue());
    }

    private static TidemarkException over() {
        return new TidemarkException(ErrorCode.NOT_FOUND, "the link is not valid, or is over");
    }

    private static ObjectNode json(ShareLink link) {
        Instant expiresAt = link.expiresAt();
        Instant revokedAt = link.revokedAt();
        ObjectNode node = JSON.createObjectNode()
                .put("share_id", link.id())
                .put("name", link.name())
                .put("has_password", link.passwordHash() != null)
                .put("theme", link.theme())
                .put("created_at", link.createdAt().toString())
                .put("expires_at", expiresAt == null ? null : expiresAt.toString())
                .put("revoked_at", revokedAt == null ? null : revokedAt.toString());
        node.set("filter", link.lockedFilter());
        node.set("pickers", JSON.valueToTree(link.pickers()));
        node.set("controls", link.controls());
        return node;
    }
}
