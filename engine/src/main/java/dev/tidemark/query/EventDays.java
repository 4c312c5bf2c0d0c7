package dev.tidemark.query;

import dev.tidemark.store.Rows;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The days that have events to export, so that a page is looked for in few days only. For one thread. */
final class EventDays {
    private final Deque<Day> days = new ArrayDeque<>();
    private long events;

    private EventDays() {}

    /** From the result of {@link EventSelection#days}. */
    static EventDays of(Rows rows) {
        EventDays all = new EventDays();
        for (int row = 0; row < rows.size(); row++) {
            all.days.add(new Day(LocalDate.ofEpochDay(rows.longAt(row, 0)), rows.longAt(row, 1)));
            all.events += rows.longAt(row, 1);
        }
        return all;
    }

    /** Of all days together, at first. */
    long events() {
        return events;
    }

    /** The next days that together have at most some number of events, or the next one if that has more; empty at the end. */
    Optional<Window> next(long most) {
        Day first = days.poll();
        if (first == null) {
            return Optional.empty();
        }
        Day last = first;
        long sum = first.events;
        for (Day day = days.peek(); day != null && sum + day.events <= most; day = days.peek()) {
            sum += day.events;
            last = days.remove();
        }
        return Optional.of(new Window(
                new TimeRange(
                        first.date.atStartOfDay().toInstant(ZoneOffset.UTC),
                        last.date.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)),
                sum));
    }

    /** Some days in a row with the number of their events. */
    record Window(TimeRange range, long events) {}

    private record Day(LocalDate date, long events) {}
}
