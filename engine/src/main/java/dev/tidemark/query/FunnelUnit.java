package dev.tidemark.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One person or session of a funnel in memory: its events in the order of their times, and what they were counted as. Not thread-safe. */
final class FunnelUnit {
    private final List<FunnelEvent> events = new ArrayList<>(4);
    private @Nullable List<FunnelCounter.Attempt> attempts;
    /** By bucket of the funnel over time. */
    private List<List<FunnelCounter.Attempt>> byBucket = List.of();

    int size() {
        return events.size();
    }

    void add(FunnelEvent event) {
        int place = events.size();
        while (place > 0 && events.get(place - 1).millis() > event.millis()) {
            place--;
        }
        events.add(place, event);
        attempts = null;
    }

    void dropBefore(long millis) {
        events.removeIf(event -> event.millis() < millis);
        attempts = null;
    }

    /** Adds its attempts, which are counted anew where something has changed. */
    void countInto(FunnelTally tally, FunnelCounter counter, FunnelQuestion question) {
        List<FunnelCounter.Attempt> counted = attempts;
        if (counted == null) {
            TimeRange range = question.range();
            counted = counter.attempts(events, range.startMillis(), range.endMillis());
            attempts = counted;
            byBucket = byBucket(counter, question.overTime());
        }
        counted.forEach(tally::add);
        for (int bucket = 0; bucket < byBucket.size(); bucket++) {
            for (FunnelCounter.Attempt attempt : byBucket.get(bucket)) {
                tally.add(bucket, attempt.level());
            }
        }
    }

    private List<List<FunnelCounter.Attempt>> byBucket(FunnelCounter counter, @Nullable Buckets buckets) {
        List<List<FunnelCounter.Attempt>> counted = new ArrayList<>();
        for (int bucket = 0; buckets != null && bucket < buckets.size(); bucket++) {
            TimeRange range = buckets.part(bucket, bucket + 1).range();
            counted.add(counter.attempts(events, range.startMillis(), range.endMillis()));
        }
        return counted;
    }
}
