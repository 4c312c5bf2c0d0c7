package dev.tidemark.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.Event;
import dev.tidemark.base.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HistoryTest {
    private static final Instant END = Instant.parse("2026-03-01T15:00:00Z");
    private static final long WEEK = 7 * 86_400_000L;

    private final List<Event> events = told();

    @Test
    void isTheSameForTheSameEndAndEndsThere() {
        assertThat(told()).isEqualTo(events);
        assertThat(events).hasSizeBetween(150_000, 260_000);
        assertThat(events).allMatch(event -> event.timestampMillis() < END.toEpochMilli());
    }

    @Test
    void narrowsFromSignUpToSubscription() {
        List<Integer> reached = new ArrayList<>();
        for (String type : List.of("signup", "feature_used", "trip_created", "checkout_start", "purchase")) {
            reached.add(users(type).size());
        }
        for (int step = 1; step < reached.size(); step++) {
            assertThat(reached.get(step))
                    .as("%s", reached)
                    .isLessThan((int) (0.97 * reached.get(step - 1)))
                    .isGreaterThan(reached.get(step - 1) / 20);
        }
    }

    @Test
    void losesMembersWeekByWeekButNotAll() {
        Map<String, Long> joined = new HashMap<>();
        events.stream()
                .filter(event -> event.type().equals("signup"))
                .forEach(event -> joined.putIfAbsent(event.userId(), event.timestampMillis()));
        List<Double> rates = new ArrayList<>();
        for (int week = 1; week <= 8; week++) {
            Set<String> possible = new HashSet<>();
            Set<String> returned = new HashSet<>();
            long after = week * WEEK;
            joined.forEach((user, at) -> {
                if (at + after + WEEK <= END.toEpochMilli()) {
                    possible.add(user);
                }
            });
            for (Event event : events) {
                Long at = joined.get(event.userId());
                if (at != null
                        && possible.contains(event.userId())
                        && event.timestampMillis() >= at + after
                        && event.timestampMillis() < at + after + WEEK) {
                    returned.add(event.userId());
                }
            }
            rates.add((double) returned.size() / possible.size());
        }
        assertThat(rates.get(0)).as("%s", rates).isBetween(0.4, 0.9);
        assertThat(rates.get(3)).as("%s", rates).isLessThan(rates.get(0) * 0.85);
        assertThat(rates.get(7)).as("%s", rates).isLessThan(rates.get(0) * 0.75).isGreaterThan(0.15);
    }

    private Set<String> users(String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .map(event -> String.valueOf(event.userId()))
                .collect(Collectors.toSet());
    }

    private static List<Event> told() {
        History history = new History(new TenantId("demo"), END);
        List<Event> events = new ArrayList<>();
        for (int day = 0; day < History.DAYS; day++) {
            events.addAll(history.nextDay());
        }
        return events;
    }
}
