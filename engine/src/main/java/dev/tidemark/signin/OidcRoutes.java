package dev.tidemark.signin;

import dev.tidemark.account.OutboundWeb;
import dev.tidemark.account.People;
import dev.tidemark.account.PublishedKeys;
import dev.tidemark.account.User;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Access;
import dev.tidemark.http.Call;
import dev.tidemark.http.PublicAddress;
import dev.tidemark.http.Reply;
import dev.tidemark.http.RouteTable;
import dev.tidemark.http.Routes;
import dev.tidemark.http.SessionCookie;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Signing in through a provider. Who has no account, and no invitation to a verified address, stays outside. */
public final class OidcRoutes implements Routes {
    private static final String START = "/sign-in/oidc";
    private static final String CALLBACK = START + "/callback";
    private static final String COOKIE = "tidemark_oidc";

    private final OidcProvider provider;
    private final SignIn signIn;
    private final People people;
    private final PublicAddress address;
    private final SessionLimits limits;

    public OidcRoutes(
            OidcSettings settings,
            OutboundWeb web,
            PublishedKeys keys,
            SignIn signIn,
            People people,
            PublicAddress address,
            SessionLimits limits,
            TimeSource clock,
            RandomGenerator random) {
        this.provider = new OidcProvider(settings, web, keys, clock, random);
        this.signIn = signIn;
        this.people = people;
        this.address = address;
        this.limits = limits;
    }

    @Override
    public void register(RouteTable table) {
        table.blocking(HttpMethod.GET, START, Access.PUBLIC, this::start);
        table.blocking(HttpMethod.GET, CALLBACK, Access.PUBLIC, this::callback);
    }

    private Reply start(Call call) {
        OidcProvider.Begun begun = provider.begin(address.of(call) + CALLBACK);
        return elsewhere(begun.location())
                .withHeader(
                        "Set-Cookie",
                        SessionCookie.text(
                                COOKIE, begun.browser(), "Lax", OidcProvider.PATIENCE, address.secure(call)));
    }

    private Reply callback(Call call) {
        Optional<User> user = provider.finish(
                        call.queryParameter("state").orElse(""),
                        call.queryParameter("code").orElse(""),
                        call.queryParameter("iss").orElse(""),
                        SessionCookie.value(call, COOKIE).orElse(""))
                .flatMap(this::known)
                .filter(known -> signIn.live().disabledAt(known.id()).isEmpty());
        return user.map(known -> elsewhere("/")
                        .withHeader(
                                "Set-Cookie",
                                SessionCookie.keep(
                                        signIn.enter(known, Arrival.of(call, address)),
                                        limits.lifetime(),
                                        address.secure(call))))
                .orElseGet(() -> elsewhere("/#sign-in=refused"));
    }

    /** By the identity, else by the verified address, else by an invitation to it. */
    private Optional<User> known(OidcProvider.Vouched vouched) {
        Optional<User> known = people.findByIdentity(vouched.identity())
                .or(() -> byAddress(vouched))
                .or(() -> invited(vouched));
        if (!vouched.email().isEmpty()) {
            known.filter(user -> user.email().equals(vouched.email())).ifPresent(signIn::acceptInvitations);
        }
        return known;
    }

    private Optional<User> byAddress(OidcProvider.Vouched vouched) {
        return vouched.email().isEmpty()
                ? Optional.empty()
                : people.findByEmail(vouched.email())
                        .filter(user -> user.identity() == null)
                        .map(user -> people.linkIdentity(user.id(), vouched.identity()));
    }

    private Optional<User> invited(OidcProvider.Vouched vouched) {
        if (vouched.email().isEmpty()
                || people.findByEmail(vouched.email()).isPresent()
                || signIn.links().invitationsFor(vouched.email()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(people.create(vouched.email(), "", null, vouched.identity(), false));
    }

    private static Reply elsewhere(String location) {
        return Reply.empty(302).withHeader("Location", location).withHeader("Referrer-Policy", "no-referrer");
    }
}
