package dev.tidemark.app;

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
import dev.tidemark.account.SnapshotDirectory;
import dev.tidemark.account.SqliteAccountStore;
import dev.tidemark.account.SqliteTokenStore;
import dev.tidemark.account.SqliteUserStore;
import dev.tidemark.account.TokenStore;
import dev.tidemark.account.routes.AccountRoutes;
import dev.tidemark.account.routes.IssuerRoutes;
import dev.tidemark.account.routes.SchemaRoutes;
import dev.tidemark.app.config.Configuration;
import dev.tidemark.base.Secret;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Authentication;
import dev.tidemark.http.HttpAuthentication;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Routes;
import dev.tidemark.http.ServerKeys;
import dev.tidemark.http.SignedInCalls;
import dev.tidemark.signin.MemberRoutes;
import dev.tidemark.signin.OidcRoutes;
import dev.tidemark.signin.OidcSettings;
import dev.tidemark.signin.OwnSessionRoutes;
import dev.tidemark.signin.SessionLimits;
import dev.tidemark.signin.SessionRoutes;
import dev.tidemark.signin.SignIn;
import dev.tidemark.signin.TenantRoutes;
import dev.tidemark.signin.UserRoutes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Accounts, and everything that says who is calling and what they may do.
 *
 * @param operatorKey made at each start, for the commands of whoever may read the data directory
 */
record AccessParts(
        SnapshotDirectory directory,
        Accounts accounts,
        People people,
        EmbedRevocations revocations,
        EmbedTokens embedTokens,
        BearerTokens bearerTokens,
        OutboundWeb web,
        OutboundWeb webhooks,
        PublishedKeys publishedKeys,
        Passwords passwords,
        SignIn signIn,
        SessionLimits sessionLimits,
        Authorization authorization,
        PublicAddress address,
        Authentication authentication,
        Secret operatorKey) {
    private static final int OPERATOR_KEY_BYTES = 32;

    static AccessParts open(
            Closing closing,
            MetadataDatabase metadata,
            Configuration configuration,
            TimeSource time,
            SecureRandom random,
            UuidV7 ids) {
        SqliteAccountStore accountStore = new SqliteAccountStore(metadata);
        SnapshotDirectory directory = new SnapshotDirectory(accountStore, time);
        Accounts accounts = closing.add("accounts", new Accounts(accountStore, directory, time, random));
        People people = new People(new SqliteUserStore(metadata), directory, accountStore.tenants(), time, ids);
        TokenStore tokenStore = new SqliteTokenStore(metadata);
        EmbedRevocations revocations = new EmbedRevocations(tokenStore, time);
        EmbedTokens embedTokens = new EmbedTokens(directory, time, ids, revocations);
        OutboundWeb web = new OutboundWeb(configuration.auth().privateIssuers());
        OutboundWeb webhooks = new OutboundWeb(configuration.alerts().privateWebhooks());
        PublishedKeys publishedKeys = new PublishedKeys(web, time);
        BearerTokens bearerTokens = new BearerTokens(tokenStore, directory, publishedKeys, time, ids);
        SessionLimits limits = new SessionLimits(
                configuration.auth().sessionIdle(), configuration.auth().sessionLifetime());
        Passwords passwords = new Passwords(random, Runtime.getRuntime().availableProcessors());
        SignIn signIn = closing.add(
                "sign-in", new SignIn(metadata, people, passwords, accountStore::tenants, limits, time, random, ids));
        PublicAddress address = new PublicAddress(
                configuration.http().publicUrl(), configuration.http().trustedProxies());
        Authorization authorization = new Authorization(people);
        Secret operatorKey = operatorKey(random);
        return new AccessParts(
                directory,
                accounts,
                people,
                revocations,
                embedTokens,
                bearerTokens,
                web,
                webhooks,
                publishedKeys,
                passwords,
                signIn,
                limits,
                authorization,
                address,
                new HttpAuthentication(
                        directory,
                        embedTokens,
                        bearerTokens,
                        authorization,
                        new SignedInCalls(signIn.sessions(), people, address),
                        new ServerKeys(operatorKey, configuration.metrics().key())),
                operatorKey);
    }

    /** The routes of accounts, people and tenants. */
    List<Routes> routes(Configuration configuration, TimeSource time, SecureRandom random) {
        Configuration.Oidc oidc = configuration.oidc();
        String issuer = oidc.issuer();
        List<Routes> routes = new ArrayList<>(List.of(
                new AccountRoutes(accounts, webhooks),
                new SchemaRoutes(accounts),
                new IssuerRoutes(bearerTokens, web),
                new SessionRoutes(signIn, people, address, sessionLimits, issuer == null ? null : oidc.name()),
                new OwnSessionRoutes(signIn),
                new UserRoutes(signIn, people),
                new MemberRoutes(signIn, people, address),
                new TenantRoutes(accounts, signIn, address)));
        if (issuer != null) {
            routes.add(new OidcRoutes(
                    new OidcSettings(issuer, oidc.clientId(), oidc.clientSecret(), oidc.name(), oidc.algorithm()),
                    web,
                    publishedKeys,
                    signIn,
                    people,
                    address,
                    sessionLimits,
                    time,
                    random));
        }
        return routes;
    }

    private static Secret operatorKey(SecureRandom random) {
        byte[] bytes = new byte[OPERATOR_KEY_BYTES];
        random.nextBytes(bytes);
        return new Secret("op_" + HexFormat.of().formatHex(bytes));
    }
}
