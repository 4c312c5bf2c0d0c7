package dev.tidemark.app.demo;

import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ninety days of the fictional company, some 200,000 events in the order of their days: growing, busier in the week and in the
 * evening, quiet at night. The same end gives the same events. Not thread-safe.
 */
final class History {
    static final int DAYS = 90;
    private static final long DAY_MILLIS = 86_400_000L;
    private static final double FIRST_DAY_VISITS = 280;
    private static final double GROWTH = 1.9;
    private static final double[] HOURS = {
        .35, .22, .15, .12, .14, .25, .5, .85, 1.05, 1.15, 1.15, 1.1, 1.2, 1.1, 1.05, 1.05, 1.1, 1.25, 1.5, 1.75, 1.8,
        1.5, 1.0, .6
    };

    private final TenantId tenant;
    private final Instant end;
    private final SplittableRandom random = new SplittableRandom(20_260_101L);
    private final List<Member> members = new ArrayList<>();
    private final List<Visitor> strangers = new ArrayList<>();
    private int visitors;
    private long events;
    private int daysTold;

    /** @param end everything happens before it */
    History(TenantId tenant, Instant end) {
        this.tenant = tenant;
        this.end = end;
    }

    /** The events of the next day, in the order of time; to be called once for each of the days. */
    List<Event> nextDay() {
        LocalDate date = end.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(DAYS - 1L - daysTold);
        List<Event> events = day(date, (double) daysTold / DAYS);
        daysTold++;
        events.removeIf(event -> event.timestampMillis() >= end.toEpochMilli());
        events.sort(Comparator.comparingLong(Event::timestampMillis));
        return events;
    }

    private List<Event> day(LocalDate date, double progress) {
        boolean weekend = date.getDayOfWeek() == DayOfWeek.SATURDAY || date.getDayOfWeek() == DayOfWeek.SUNDAY;
        double visits = FIRST_DAY_VISITS
                * (1 + (GROWTH - 1) * progress)
                * (weekend ? 1.25 : 0.92)
                * (0.93 + 0.14 * random.nextDouble());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < (int) visits; i++) {
            strangerVisit(date, events);
        }
        for (Member member : List.copyOf(members)) {
            Account account = member.account;
            if (random.nextDouble() < member.returning(daysTold)) {
                EventWriter writer = writer(account.visitor(), account, date);
                Visit.member(writer, account, random);
                events.addAll(writer.events());
            }
        }
        return events;
    }

    private void strangerVisit(LocalDate date, List<Event> events) {
        boolean back = !strangers.isEmpty() && random.nextDouble() < 0.3;
        int index = back ? random.nextInt(Math.max(0, strangers.size() - 3_000), strangers.size()) : -1;
        Visitor visitor = back ? strangers.get(index) : Visitor.of(visitors++);
        Account future = new Account(visitor);
        EventWriter writer = writer(visitor, null, date);
        if (Visit.stranger(writer, visitor, future, random)) {
            members.add(new Member(future, daysTold));
            if (back) {
                strangers.set(index, strangers.getLast());
                strangers.removeLast();
            }
        } else if (!back) {
            strangers.add(visitor);
        }
        events.addAll(writer.events());
    }

    /** Somebody with an account. */
    private record Member(Account account, int joinedOn) {
        private static final double DAYS_OF_CURIOSITY = 10;

        /** How likely they come on a day: most lose interest within weeks, the keen and those who planned a trip stay. */
        double returning(int day) {
            double keenness = account.visitor().keenness();
            double staying = 0.02 + 0.45 * keenness + (account.activated() ? 0.05 : 0);
            double interest = staying + (1 - staying) * Math.exp((joinedOn - day) / DAYS_OF_CURIOSITY);
            return interest * (0.12 + 0.25 * keenness + (account.activated() ? 0.05 : 0));
        }
    }

    private EventWriter writer(Visitor visitor, @Nullable Account account, LocalDate date) {
        int hour = 0;
        double total = 0;
        for (double weight : HOURS) {
            total += weight;
        }
        double at = random.nextDouble() * total;
        while (hour < 23 && (at -= HOURS[hour]) >= 0) {
            hour++;
        }
        int utcHour = Math.floorMod(hour - visitor.place().utcOffset(), 24);
        long start = date.toEpochDay() * DAY_MILLIS + utcHour * 3_600_000L + random.nextLong(3_600_000L);
        return new EventWriter(tenant, () -> "demo-" + events++, visitor, account, start);
    }
}
