package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import dev.tidemark.store.StoredEvent;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFeedTest {
    private static final TenantId ACME = StandingFixture.ACME;
    private static final Question VIEWS = QuestionReader.read(
            StandingFixture.json("{'type':'metric','range':{'last':'7d'},'measures':[{'name':'n','measure':'events',"
                    + "'event':'view'}]}"),
            QuestionContext.plain(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC, DayOfWeek.MONDAY));

    @TempDir
    Path directory;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<StandingQuery> broken = new ArrayList<>();
    private final EventFeed feed = new EventFeed(tasks::add, broken::add);
    private StandingFixture events;

    @BeforeEach
    void open() {
        events = new StandingFixture(directory, new InThisThread());
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void nobodyIsSubscribedBeforeItIsKnownWhereTheJournalStands() {
        StandingQuery query = query();
        assertThat(subscribe(query, Interest.of(VIEWS))).isFalse();
        feed.missed(7);
        assertThat(subscribe(query, Interest.of(VIEWS))).isTrue();
        assertThat(query.from()).isEqualTo(7);
        assertThat(broken).isEmpty();
    }

    @Test
    void whoDoesNotListenCostsNothing() {
        feed.missed(0);
        feed.accepted(0, 1, List.of(view()));
        assertThat(tasks).isEmpty();
    }

    @Test
    void acceptingNeverWaitsAndWhatCannotBeFollowedBeginsAnew() {
        feed.missed(0);
        StandingQuery query = query();
        subscribe(query, Interest.of(VIEWS));
        Counted counted = new Counted();
        query.begin(counted, VIEWS, 0, Instant.EPOCH);
        List<StoredEvent> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(view());
        }
        int batches = EventFeed.MOST_WAITING / 1_000 + 1;
        for (int batch = 0; batch < batches; batch++) {
            feed.accepted(batch * 1_000L, (batch + 1) * 1_000L, many);
        }
        run();
        assertThat(counted.events).isZero();
        assertThat(broken).containsExactly(query);
        StandingQuery next = query();
        subscribe(next, Interest.of(VIEWS));
        assertThat(next.from()).isEqualTo(batches * 1_000L);
    }

    @Test
    void batchesThatDoNotFollowOnEachOtherAreAGap() {
        feed.missed(0);
        StandingQuery query = query();
        subscribe(query, Interest.of(VIEWS));
        feed.accepted(0, 1, List.of(view()));
        run();
        assertThat(broken).isEmpty();
        feed.accepted(2, 3, List.of(view()));
        run();
        assertThat(broken).containsExactly(query);
    }

    @Test
    void onlyTheTenantsConcernedBeginAnewAfterARefusal() {
        feed.missed(0);
        StandingQuery mine = query();
        StandingQuery theirs = new StandingQuery(StandingFixture.OTHER, VIEWS, "theirs");
        subscribe(mine, Interest.of(VIEWS));
        subscribe(theirs, Interest.of(VIEWS));
        feed.setAside(Set.of(StandingFixture.OTHER));
        run();
        assertThat(broken).containsExactly(theirs);
        feed.unsubscribe(mine);
        feed.unsubscribe(theirs);
        assertThat(feed.size()).isZero();
    }

    @Test
    void aQueryThatFailsHasAllBeginAnewAndTheNextEventsAreBrought() {
        feed.missed(0);
        StandingQuery query = query();
        subscribe(query, Interest.of(VIEWS));
        Counted counted = new Counted();
        query.begin(counted, VIEWS, 0, Instant.EPOCH);
        counted.fails = true;
        feed.accepted(0, 1, List.of(view()));
        run();
        assertThat(broken).containsExactly(query);
        counted.fails = false;
        feed.accepted(1, 2, List.of(view()));
        run();
        assertThat(counted.events).isEqualTo(1);
    }

    private boolean subscribe(StandingQuery query, Interest interest) {
        return feed.subscribe(query.tenant(), Map.of(query, interest), Long.MAX_VALUE)
                .queries()
                .contains(query);
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static StandingQuery query() {
        return new StandingQuery(ACME, VIEWS, VIEWS.cacheKey());
    }

    private StoredEvent view() {
        return events.event(ACME, "view", "DE");
    }

    private static final class Counted implements Folding.Folded {
        int events;
        boolean fails;

        @Override
        public void add(StoredEvent event) {
            if (fails) {
                throw new IllegalStateException("cannot be added");
            }
            events++;
        }

        @Override
        public Optional<ObjectNode> data() {
            return Optional.empty();
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public boolean moveTo(Question later) {
            return false;
        }
    }
}
