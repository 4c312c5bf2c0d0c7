package dev.tidemark.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.Question;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningQueueTest {
    private static final Question QUESTION = QuestionReader.read(
            StandingFixture.json("{'type':'metric','range':{'last':'7d'},'measures':[{'measure':'events'}]}"),
            QuestionContext.plain(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC, DayOfWeek.MONDAY));

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final OpeningQueue queue = new OpeningQueue();

    @Test
    void takesWhoWaitedLongestWithAllOfItsFormAndLetsTenantsTakeTurns() {
        StandingQuery first = query(StandingFixture.ACME);
        StandingQuery second = query(StandingFixture.ACME);
        StandingQuery third = query(StandingFixture.ACME);
        StandingQuery theirs = query(StandingFixture.OTHER);
        queue.add(first, "a", NOW);
        queue.add(second, "b", NOW);
        queue.add(third, "a", NOW);
        queue.add(theirs, "a", NOW);
        assertThat(queue.contains(third)).isTrue();
        assertThat(queue.take(_ -> true, 10).queries()).containsExactly(first, third);
        assertThat(queue.contains(third)).isFalse();
        assertThat(queue.take(_ -> true, 10).queries()).containsExactly(theirs);
        assertThat(queue.take(_ -> true, 10).queries()).containsExactly(second);
        assertThat(queue.take(_ -> true, 10).queries()).isEmpty();
    }

    @Test
    void takesNoMoreThanIsAskedForAndNobodyWhoMayNotBeTaken() {
        List<StandingQuery> many =
                List.of(query(StandingFixture.ACME), query(StandingFixture.ACME), query(StandingFixture.ACME));
        many.forEach(query -> queue.add(query, "a", NOW));
        StandingQuery theirs = query(StandingFixture.OTHER);
        queue.add(theirs, "b", NOW);
        assertThat(queue.take(StandingFixture.OTHER::equals, 2).queries()).containsExactly(theirs);
        assertThat(queue.take(StandingFixture.OTHER::equals, 2).queries()).isEmpty();
        assertThat(queue.take(_ -> true, 2).queries()).isEqualTo(many.subList(0, 2));
        queue.remove(many.getLast());
        assertThat(queue.take(_ -> true, 2).queries()).isEmpty();
    }

    private static StandingQuery query(TenantId tenant) {
        return new StandingQuery(tenant, QUESTION, QUESTION.cacheKey());
    }
}
