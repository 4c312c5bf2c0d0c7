package dev.tidemark.query;

import dev.tidemark.store.Parameters;
import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a funnel: of each person (or session) the events that can serve a step or exclude, from the start of the range to as far
 * as they can matter. Who has a new event is counted anew.
 */
final class FunnelFold implements Fold {
    static final int MOST_EVENTS = 200_000;
    /** Of one person; attempts are walked event by event. */
    private static final int MOST_OF_ONE = 2_000;
    /** How many events of a person the engine looks at in any order where one can serve several steps. */
    private static final int MATCHED = 1_000;

    private final String shape;
    private final Interest interest;
    private final Predicate<StoredEvent> filter;
    private final List<Predicate<StoredEvent>> steps;
    private final List<Predicate<StoredEvent>> exclusions;
    private final int mostOfOne;
    private final boolean strict;
    private final boolean ofSessions;
    private final FunnelCounter counter;
    private final Map<Object, FunnelUnit> units = new HashMap<>();
    private FunnelQuestion question;
    private TimeRange covered;
    private int events;
    private long textBytes;
    private boolean overflown;

    private FunnelFold(FunnelQuestion question, Instant now) {
        this.question = question;
        this.shape = CanonicalForm.timeless(question);
        this.interest = Interest.of(question);
        this.filter = EventMatch.of(question.filter());
        this.steps = question.steps().stream()
                .map(step -> EventMatch.of(step.scope()))
                .toList();
        this.exclusions = question.exclusions().stream()
                .map(exclusion -> EventMatch.of(exclusion.scope()))
                .toList();
        this.mostOfOne = question.inAnyOrder() && !question.hasDisjointSteps() ? MATCHED : MOST_OF_ONE;
        this.strict = question.order() == FunnelQuestion.Order.STRICT;
        this.ofSessions = question.counting() == FunnelQuestion.Counting.SESSIONS;
        this.counter = new FunnelCounter(question);
        boolean moves = question.range().end().isAfter(now);
        this.covered = moves
                ? TimeRange.ofMillis(question.range().startMillis(), TimeRange.LAST_MILLIS)
                : question.touchedRange();
    }

    static boolean isFor(FunnelQuestion question) {
        Filter filter = question.filter();
        return (filter == null || filter.isOfOneEvent())
                && question.scopes().stream().allMatch(Scope::isOfOneEvent);
    }

    /** Of questions of one form; null where there are several and they are too much at once. */
    static @Nullable List<Optional<Fold>> begin(FoldBeginnings beginnings, List<FunnelQuestion> questions) {
        List<FunnelFold> folds = questions.stream()
                .map(question -> new FunnelFold(question, beginnings.now()))
                .toList();
        FoldBatch batch = new FoldBatch(questions);
        FunnelEvents events = new FunnelEvents(questions.getFirst(), new Parameters(beginnings.tenant()));
        Rows rows = beginnings
                .store()
                .query(
                        beginnings.tenant(),
                        events.each(batch, folds.getFirst().covered, beginnings.beforeOffset(), MOST_EVENTS + 1));
        if (rows.size() > MOST_EVENTS && folds.size() > 1) {
            return null;
        }
        for (int row = 0; row < rows.size(); row++) {
            for (int member : batch.membersOf(rows, row, FunnelEvents.COLUMNS)) {
                folds.get(member).read(rows, row);
            }
        }
        return folds.stream()
                .map(fold -> fold.overflown ? Optional.<Fold>empty() : Optional.<Fold>of(fold))
                .toList();
    }

    private void read(Rows rows, int row) {
        add(
                ofSessions ? rows.textAt(row, 0) : (Object) rows.longAt(row, 0),
                new FunnelEvent(
                        rows.longAt(row, 1),
                        (int) rows.longAt(row, 2),
                        (int) rows.longAt(row, 3),
                        rows.value(row, 4) == null ? null : rows.textAt(row, 4)));
    }

    @Override
    public Question question() {
        return question;
    }

    @Override
    public Interest interest() {
        return interest;
    }

    @Override
    public void add(StoredEvent event) {
        long millis = event.event().timestampMillis();
        String session = event.event().sessionId();
        boolean hasUnit = ofSessions ? session != null && !session.isEmpty() : event.person() != 0;
        if (overflown
                || !hasUnit
                || millis < covered.startMillis()
                || millis >= covered.endMillis()
                || !filter.test(event)) {
            return;
        }
        int served = mask(steps, event);
        int excluded = mask(exclusions, event);
        if (strict || served != 0 || excluded != 0) {
            FunnelQuestion.Split split = question.split();
            Scalar value =
                    split == null ? null : EventValue.of(split.breakdown().property(), event);
            add(
                    ofSessions && session != null ? session : (Object) event.person(),
                    new FunnelEvent(millis, served, excluded, value == null ? null : EventValue.text(value)));
        }
    }

    private static int mask(List<Predicate<StoredEvent>> conditions, StoredEvent event) {
        int mask = 0;
        for (int i = 0; i < conditions.size(); i++) {
            mask |= conditions.get(i).test(event) ? 1 << i : 0;
        }
        return mask;
    }

    private void add(Object unit, FunnelEvent event) {
        FunnelUnit of = units.computeIfAbsent(unit, _ -> new FunnelUnit());
        of.add(event);
        events++;
        textBytes += event.text() == null ? 0 : 48 + event.text().length();
        overflown |= events > MOST_EVENTS || of.size() > mostOfOne;
    }

    @Override
    public boolean moveTo(Question later) {
        if (overflown || !(later instanceof FunnelQuestion funnel) || !covers(funnel)) {
            return false;
        }
        long start = funnel.range().startMillis();
        List<Object> gone = new ArrayList<>();
        events = 0;
        units.forEach((key, unit) -> {
            unit.dropBefore(start);
            events += unit.size();
            if (unit.size() == 0) {
                gone.add(key);
            }
        });
        gone.forEach(units::remove);
        covered = TimeRange.ofMillis(start, covered.endMillis());
        question = funnel;
        return true;
    }

    private boolean covers(FunnelQuestion later) {
        return CanonicalForm.timeless(later).equals(shape)
                && later.range().startMillis() >= covered.startMillis()
                && Math.min(later.touchedRange().endMillis(), TimeRange.LAST_MILLIS) <= covered.endMillis();
    }

    @Override
    public Optional<Answer> current() {
        if (overflown) {
            return Optional.empty();
        }
        FunnelTally tally = new FunnelTally(question);
        for (FunnelUnit unit : units.values()) {
            unit.countInto(tally, counter, question);
        }
        return Optional.of(tally.answer());
    }

    @Override
    public int bytes() {
        return (int) Math.min(Integer.MAX_VALUE, 1_024 + 48L * events + 160L * units.size() + textBytes);
    }
}
