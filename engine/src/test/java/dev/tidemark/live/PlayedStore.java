package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.query.Fold;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
import dev.tidemark.query.TrendQuestion;
import dev.tidemark.report.WidgetAnswers;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store in memory that counts events, and answers about it that are kept right: a question's answer is the times of all its events,
 * so that one event too many, too few or in the wrong place shows. Knows filters of equality only. Thread-safe.
 */
final class PlayedStore implements WidgetAnswers, Folding {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger statements = new AtomicInteger();
    volatile boolean isDown;
    volatile boolean movable = true;
    volatile long bytesOfEvent = 100;
    volatile Runnable beforeBeginning = () -> {};
    private final List<StoredEvent> visible = new ArrayList<>();
    private long through;

    synchronized void store(List<StoredEvent> events, long beforeOffset) {
        visible.addAll(events);
        through = beforeOffset;
    }

    @Override
    public ObjectNode answer(TenantId tenant, Question question) {
        asked.incrementAndGet();
        return data(question, visible(tenant, Long.MAX_VALUE));
    }

    @Override
    public boolean isFor(Question question) {
        return Fold.isFor(question);
    }

    @Override
    public Interest interest(Question question) {
        return Interest.of(question);
    }

    @Override
    public String form(Question question) {
        return Fold.form(question);
    }

    @Override
    public List<Optional<Folded>> begin(TenantId tenant, List<Question> questions, long beforeOffset, Instant moment) {
        begun.addAndGet(questions.size());
        statements.incrementAndGet();
        List<StoredEvent> events = visible(tenant, beforeOffset);
        beforeBeginning.run();
        return questions.stream()
                .map(question -> Optional.<Folded>of(new Kept(question, covered(question, events))))
                .toList();
    }

    private static List<StoredEvent> covered(Question question, List<StoredEvent> events) {
        Interest interest = Interest.of(question);
        return new ArrayList<>(events.stream().filter(interest::covers).toList());
    }

    private synchronized List<StoredEvent> visible(TenantId tenant, long beforeOffset) {
        if (isDown) {
            throw new TidemarkException(ErrorCode.ENGINE_UNAVAILABLE, "down");
        }
        if (beforeOffset != Long.MAX_VALUE && beforeOffset > through) {
            throw new AssertionError("asked as of " + beforeOffset + " but the store is at " + through);
        }
        return new ArrayList<>(visible.stream()
                .filter(event ->
                        event.event().tenant().equals(tenant) && event.address().offset() < beforeOffset)
                .toList());
    }

    private static ObjectNode data(Question question, List<StoredEvent> events) {
        Interest interest = Interest.of(question);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("start_time", question.range().start().toString());
        data.put("end_time", question.range().end().toString());
        if (question instanceof TrendQuestion trend) {
            data.put("partial", trend.partialFrom());
        }
        ArrayNode times = data.putArray("times");
        events.stream()
                .filter(event -> event.event().timestampMillis()
                                >= question.range().start().toEpochMilli()
                        && event.event().timestampMillis()
                                < question.range().end().toEpochMilli()
                        && interest.covers(event))
                .map(event -> event.event().timestampMillis() + "/"
                        + event.event().id().value())
                .sorted()
                .forEach(times::add);
        return data;
    }

    /** Holds all events, whether they are in the range or not, so that it can go on to any other. */
    private final class Kept implements Folded {
        private Question question;
        private final List<StoredEvent> events;

        Kept(Question question, List<StoredEvent> events) {
            this.question = question;
            this.events = events;
        }

        @Override
        public void add(StoredEvent event) {
            if (!Interest.of(question).covers(event)) {
                throw new AssertionError("an event that does not concern the question");
            }
            events.add(event);
        }

        @Override
        public Optional<ObjectNode> data() {
            return Optional.of(PlayedStore.data(question, events));
        }

        @Override
        public long bytes() {
            return bytesOfEvent * events.size();
        }

        @Override
        public boolean moveTo(Question later) {
            if (movable) {
                question = later;
            }
            return movable;
        }
    }
}
