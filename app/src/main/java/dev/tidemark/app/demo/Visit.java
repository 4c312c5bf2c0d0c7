package dev.tidemark.app.demo;

import static dev.tidemark.app.demo.Weighted.weigh;

import dev.tidemark.app.demo.Account.Plan;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What people do in one visit: look around, sign up, use the product, pay. Stateless. */
final class Visit {
    private static final long MONTH_MILLIS = 30L * 86_400_000;
    private static final Weighted<String[]> STORIES = Weighted.of(
            weigh(20, page("/stories/seven-huts-of-the-silvretta", "Seven huts of the Silvretta")),
            weigh(16, page("/stories/lofoten-in-october", "Lofoten in October")),
            weigh(13, page("/stories/first-winter-tent", "The first winter tent")),
            weigh(9, page("/stories/night-train-to-narvik", "Night train to Narvik")),
            weigh(7, page("/stories/what-the-map-leaves-out", "What the map leaves out")),
            weigh(5, page("/stories/a-week-without-signal", "A week without signal")));
    private static final Weighted<String[]> LANDINGS = Weighted.of(
            weigh(40, page("/", "Northern Trails")),
            weigh(15, page("/routes", "Routes")),
            weigh(10, page("/gear", "Gear notes")),
            weigh(4, page("/pricing", "Plans and prices")));
    private static final Weighted<String[]> NEXT = Weighted.of(
            weigh(20, page("/routes", "Routes")),
            weigh(12, page("/routes/alps", "Routes in the Alps")),
            weigh(10, page("/routes/scandinavia", "Routes in Scandinavia")),
            weigh(9, page("/gear", "Gear notes")),
            weigh(8, page("/pricing", "Plans and prices")),
            weigh(4, page("/about", "Who we are")));
    private static final Weighted<String> FEATURES = Weighted.of(
            weigh(34, "route_planner"),
            weigh(22, "offline_maps"),
            weigh(16, "weather"),
            weigh(12, "packing_list"),
            weigh(9, "trip_sharing"),
            weigh(5, "gpx_export"));
    private static final Weighted<Plan> PLANS =
            Weighted.of(weigh(70, Plan.EXPLORER), weigh(25, Plan.SUMMIT), weigh(5, Plan.CLUB));

    private Visit() {}

    /** Somebody without an account; tells whether they have one at the end. */
    static boolean stranger(EventWriter writer, Visitor visitor, Account future, RandomGenerator random) {
        look(writer, random, true);
        double chance = 0.05 * visitor.source().quality() * (0.3 + 1.4 * visitor.keenness());
        if (random.nextDouble() >= chance) {
            return false;
        }
        writer.view("/pricing", "Plans and prices", false);
        writer.pass(pause(random, 20));
        writer.view("/signup", "Create your account", false);
        writer.pass(pause(random, 40));
        writer.identify(future);
        writer.act("signup", Map.of("method", random.nextInt(3) == 0 ? "google" : "email", "plan", "free"), Map.of());
        if (random.nextDouble() < 0.55) {
            use(writer, future, random);
        }
        return true;
    }

    /** Somebody with an account comes back. */
    static void member(EventWriter writer, Account account, RandomGenerator random) {
        writer.signedIn();
        if (account.renewalDue(writer.atMillis())) {
            pay(writer, account, account.plan(), "renewal");
        }
        if (random.nextDouble() < 0.4) {
            look(writer, random, true);
        }
        writer.view("/app", "Your trips", false);
        if (random.nextDouble() < 0.35) {
            writer.act("login", Map.of("method", "email"), Map.of());
        }
        writer.pass(pause(random, 15));
        use(writer, account, random);
        double tempted = account.activated() ? 0.07 * (0.4 + account.visitor().keenness()) : 0.01;
        if (account.plan() == Plan.FREE && random.nextDouble() < tempted) {
            writer.view("/pricing", "Plans and prices", false);
            writer.pass(pause(random, 60));
            Plan plan = PLANS.pick(random);
            writer.act("checkout_start", Map.of("plan", plan.wireName()), Map.of());
            writer.pass(pause(random, 45));
            if (random.nextDouble() < 0.55) {
                pay(writer, account, plan, "upgrade");
            }
        }
    }

    private static void look(EventWriter writer, RandomGenerator random, boolean landing) {
        String[] first = random.nextInt(10) < 4 ? STORIES.pick(random) : LANDINGS.pick(random);
        writer.view(first[0], first[1], landing);
        writer.pass(pause(random, 45));
        while (random.nextDouble() < 0.58) {
            String[] next = random.nextInt(10) < 4 ? STORIES.pick(random) : NEXT.pick(random);
            writer.view(next[0], next[1], false);
            writer.pass(pause(random, 45));
        }
    }

    private static void use(EventWriter writer, Account account, RandomGenerator random) {
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            String feature = FEATURES.pick(random);
            writer.view("/app/" + feature.replace('_', '-'), "Your trips", false);
            writer.pass(pause(random, 10));
            double seconds = Math.round(10 * (2 + 90 * Math.pow(random.nextDouble(), 3))) / 10.0;
            writer.act(
                    "feature_used",
                    Map.of("feature", feature, "plan", account.plan().wireName()),
                    Map.of("seconds", seconds));
            writer.pass((long) (seconds * 1000));
            if (!account.activated() && feature.equals("route_planner")) {
                account.activate();
                writer.act("trip_created", Map.of("kind", random.nextBoolean() ? "day" : "hut_to_hut"), Map.of());
                writer.identify(account);
            }
        }
    }

    private static void pay(EventWriter writer, Account account, Plan plan, String reason) {
        account.subscribe(plan, writer.atMillis() + MONTH_MILLIS);
        writer.identify(account);
        writer.act(
                "purchase",
                Map.of("plan", plan.wireName(), "currency", "EUR", "reason", reason),
                Map.of("amount", plan.monthlyPrice()));
        writer.pass(2_000);
    }

    private static String[] page(String path, String title) {
        return new String[] {path, title};
    }

    /** Skewed like the time that people stay: most short, some long. */
    private static long pause(RandomGenerator random, int meanSeconds) {
        return 800 + (long) (-Math.log(1 - random.nextDouble()) * meanSeconds * 1000);
    }
}
