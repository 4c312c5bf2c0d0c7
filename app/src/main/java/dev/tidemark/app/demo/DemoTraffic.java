package dev.tidemark.app.demo;

import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** The fictional company's present: a handful of visits at any moment, one or two events a second, until interrupted. Blocks. */
final class DemoTraffic {
    private static final Duration STEP = Duration.ofMillis(250);
    private static final double VISITS_PER_STEP = 0.08;
    private static final int VISITORS = 20_000;
    private static final int MAX_ACCOUNTS = 2_000;

    private final DemoAppender appender;
    private final TenantId tenant;
    private final TimeSource time;
    private final RandomGenerator random;
    private final UuidV7 ids;
    private final Map<Integer, Account> accounts = new HashMap<>();
    private final PriorityQueue<Event> upcoming = new PriorityQueue<>(Comparator.comparingLong(Event::timestampMillis));

    DemoTraffic(DemoAppender appender, TenantId tenant, TimeSource time, RandomGenerator random) {
        this.appender = appender;
        this.tenant = tenant;
        this.time = time;
        this.random = random;
        this.ids = new UuidV7(time, random);
    }

    void run() throws InterruptedException {
        while (true) {
            if (random.nextDouble() < VISITS_PER_STEP) {
                visit();
            }
            List<Event> due = new ArrayList<>();
            while (!upcoming.isEmpty() && upcoming.peek().timestampMillis() <= time.millis()) {
                due.add(upcoming.remove());
            }
            appender.append(due, false);
            time.sleep(STEP);
        }
    }

    private void visit() {
        Visitor visitor = Visitor.of(random.nextInt(VISITORS));
        Account account = accounts.get(visitor.number());
        EventWriter writer = new EventWriter(
                tenant, () -> "live-" + ids.next(), visitor, account, time.millis() + random.nextLong(STEP.toMillis()));
        if (account != null) {
            Visit.member(writer, account, random);
        } else {
            Account future = new Account(visitor);
            if (Visit.stranger(writer, visitor, future, random)) {
                remember(future);
            }
        }
        upcoming.addAll(writer.events());
    }

    private void remember(Account account) {
        if (accounts.size() >= MAX_ACCOUNTS) {
            accounts.clear();
        }
        accounts.put(account.visitor().number(), account);
    }
}
