package dev.tidemark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.account.AccessKey;
import dev.tidemark.account.Accounts;
import dev.tidemark.account.Authorization;
import dev.tidemark.account.BearerTokens;
import dev.tidemark.account.EmbedRevocations;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.Passwords;
import dev.tidemark.account.People;
import dev.tidemark.account.PublishedKeys;
import dev.tidemark.account.SettableTime;
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.SqliteAccountStore;
import dev.tidemark.account.SqliteTokenStore;
import dev.tidemark.account.SqliteUserStore;
import dev.tidemark.account.TokenStore;
import dev.tidemark.account.routes.AccountRoutes;
import dev.tidemark.account.routes.SchemaRoutes;
import dev.tidemark.base.ByteSize;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.embed.EmbedRoutes;
import dev.tidemark.http.Acts;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.BlockingDispatch;
import dev.tidemark.http.CorrelationId;
import dev.tidemark.http.HttpAuthentication;
import dev.tidemark.http.HttpLimits;
import dev.tidemark.http.HttpServers;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SecurityHeaders;
import dev.tidemark.http.ServerKeys;
import dev.tidemark.http.SignedInCalls;
import dev.tidemark.http.StaticRoutes;
import dev.tidemark.http.WebFiles;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.report.CacheSettings;
import dev.tidemark.report.CaffeineResultCache;
import dev.tidemark.report.ReportAnswerRoutes;
import dev.tidemark.report.ReportGrantRoutes;
import dev.tidemark.report.ReportRoutes;
import dev.tidemark.report.ReportRunner;
import dev.tidemark.report.Reports;
import dev.tidemark.report.SqliteReportStore;
import dev.tidemark.report.TemplateRoutes;
import dev.tidemark.signin.MemberRoutes;
import dev.tidemark.signin.OwnSessionRoutes;
import dev.tidemark.signin.SessionLimits;
import dev.tidemark.signin.SessionRoutes;
import dev.tidemark.signin.SignIn;
import dev.tidemark.signin.TenantRoutes;
import dev.tidemark.signin.UserRoutes;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The HTTP side of accounts, reports and embedding on a free port, with the two tenants {@code acme} and {@code other}. */
public final class ServerFixture implements AutoCloseable {
    public static final TenantId ACME = new TenantId("acme");
    public static final TenantId OTHER = new TenantId("other");
    public static final String OPERATOR = "op_test";
    public static final ObjectMapper JSON = new ObjectMapper();
    public static final String REPORT = """
            {"report_name":"Overview <b>","widgets":[{"type":"metric","title":"Views",
             "question":{"measures":[{"name":"views","measure":"events"}],"range":{"last":"7d"}}}]}""";

    public final SettableTime time = new SettableTime("2026-03-01T12:00:00Z");
    public final Positions positions = new Positions();
    public final Accounts accounts;
    public final EmbedTokens tokens;
    public final EmbedRevocations revocations;
    public final People people;
    public final SignIn signIn;
    public final PublicAddress address;
    public final Reports reports;
    public final SnapshotDirectory tenants;
    /** What tenants send, as templates see it. */
    public final Map<TenantId, Map<String, Set<String>>> known = new ConcurrentHashMap<>();

    public volatile Acts acts = Acts.UNWRITTEN;
    public final RouteTable table;
    public final HttpServers server;
    public final MetadataDatabase database;
    public final ReportRunner runner;
    public final Authentication authentication;
    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** With further routes of the test's own. */
    public ServerFixture(Path directory, Routes... more) {
        this(directory, HttpLimits.DEFAULTS, more);
    }

    /** And with limits of its own. */
    public ServerFixture(Path directory, HttpLimits limits, Routes... more) {
        database = MetadataDatabase.open(directory.resolve("tidemark.db"));
        SqliteAccountStore store = new SqliteAccountStore(database);
        tenants = new SnapshotDirectory(store, time);
        UuidV7 ids = new UuidV7(time, new Random(1));
        accounts = new Accounts(store, tenants, time, new Random(2));
        accounts.ensureTenant(ACME);
        accounts.ensureTenant(OTHER);
        TokenStore tokenStore = new SqliteTokenStore(database);
        revocations = new EmbedRevocations(tokenStore, time);
        tokens = new EmbedTokens(tenants, time, ids, revocations);
        people = new People(new SqliteUserStore(database), tenants, List.of(ACME, OTHER), time, ids);
        reports = new Reports(new SqliteReportStore(database), tenants, CohortDirectory.EMPTY, time, ids);
        runner = new ReportRunner(
                (tenant, _) -> JSON.createObjectNode().put("tenant", tenant.value()),
                new CaffeineResultCache(ByteSize.mebibytes(4), time),
                positions,
                tenants,
                CohortDirectory.EMPTY,
                time,
                CacheSettings.DEFAULTS,
                new SimpleMeterRegistry());
        address = new PublicAddress(null, 0);
        signIn = new SignIn(
                database,
                people,
                new Passwords(new Random(4), 2),
                store::tenants,
                SessionLimits.DEFAULTS,
                time,
                new Random(5),
                ids);
        authentication = new HttpAuthentication(
                tenants,
                tokens,
                new BearerTokens(tokenStore, tenants, new PublishedKeys(new OutboundWeb(true), time), time, ids),
                new Authorization(people),
                new SignedInCalls(signIn.sessions(), people, address),
                new ServerKeys(new Secret(OPERATOR), null));
        WebFiles files = new WebFiles(directory.resolve("dist"));
        Router router = Router.router(vertx);
        router.route().handler(new CorrelationId(ids));
        router.route().handler(new SecurityHeaders(null, 0));
        table = new RouteTable(
                router, new BlockingDispatch(threads, authentication, 100), (call, route) -> acts.begin(call, route));
        List.of(
                        new AccountRoutes(accounts, new OutboundWeb(true)),
                        new SchemaRoutes(accounts),
                        new ReportRoutes(reports, new Authorization(people)),
                        new SessionRoutes(signIn, people, address, SessionLimits.DEFAULTS, null),
                        new OwnSessionRoutes(signIn),
                        new UserRoutes(signIn, people),
                        new MemberRoutes(signIn, people, address),
                        new TenantRoutes(accounts, signIn, address),
                        new ReportGrantRoutes(reports, people),
                        new ReportAnswerRoutes(reports, runner),
                        new TemplateRoutes(reports, (tenant, _) -> known.getOrDefault(tenant, Map.of())),
                        new EmbedRoutes(reports, tokens, revocations, files, time, null),
                        new StaticRoutes(files))
                .forEach(routes -> routes.register(table));
        List.of(more).forEach(routes -> routes.register(table));
        server = HttpServers.start(
                vertx, router, "127.0.0.1", 0, 2, Duration.ofSeconds(5), limits, TimeSource.system(), ids);
    }

    public String key(TenantId tenant, AccessKey.Kind kind) {
        return accounts.createKey(tenant, kind, "test", List.of()).plain().reveal();
    }

    public String embedToken(TenantId tenant, String report, String... origins) {
        return tokens.issue(new EmbedTokens.Grant(tenant, report, null, List.of(origins), "auto", Duration.ofHours(1)))
                .token();
    }

    public String origin() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Sends a request with headers given as name, value, name, value. */
    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public HttpResponse<String> get(String path, String credential, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Authorization";
        all[headers.length + 1] = "Bearer " + credential;
        return send("GET", path, "", all);
    }

    public static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        runner.close();
        threads.shutdown();
        client.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        signIn.close();
        database.close();
    }
}
