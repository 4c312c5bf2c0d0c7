package dev.tidemark.query;

import dev.tidemark.store.Rows;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The fold of a question for measures: cells by slice of time and breakdown value, from which the answer is put together. */
final class MeasureFold implements Fold {
    static final int MOST_CELLS = 20_000;
    /** Of several folds that begin with the same statements. */
    static final int MOST_CELLS_AT_ONCE = 60_000;

    private static final int MOST_BYTES = 16 << 20;
    private static final int RECOUNT_EVERY = 1_024;

    private final String shape;
    private final Interest interest;
    private final Predicate<StoredEvent> filter;
    private final List<FoldPart> parts = new ArrayList<>();
    private final @Nullable MeasureFold sparkline;
    private MeasuredQuestion question;
    private int bytes;
    private int sinceRecount;
    private int recountEvery = RECOUNT_EVERY;
    private boolean overflown;

    private MeasureFold(MeasuredQuestion question, Instant now) {
        this.question = question;
        this.shape = CanonicalForm.timeless(question);
        this.interest = Interest.of(question);
        this.filter = EventMatch.of(question.filter());
        for (Family family : Family.of(question.measures())) {
            parts.add(new FoldPart(
                    FoldCell.Shape.of(question, family),
                    FoldWindows.keys(question),
                    FoldWindows.cut(question, family, now)));
        }
        TrendQuestion line = question instanceof MetricQuestion metric ? metric.sparkline() : null;
        this.sparkline = line == null ? null : new MeasureFold(line, now);
    }

    static boolean isFor(MeasuredQuestion question) {
        Filter filter = question.filter();
        return (filter == null || filter.isOfOneEvent())
                && question.measures().stream().allMatch(MeasureFold::isFor);
    }

    private static boolean isFor(Measure measure) {
        if (measure instanceof Measure.Counted counted && !counted.scope().isOfOneEvent()) {
            return false;
        }
        return switch (measure) {
            case Measure.EventCount _, Measure.Formula _ -> true;
            case Measure.DistinctUsers users -> !users.exact();
            case Measure.Sessions sessions -> !sessions.exact();
            case Measure.DistinctValues values -> !values.exact();
            case Measure.EventsPerUser perUser -> !perUser.exact();
            case Measure.ActiveNow now -> !now.exact();
            case Measure.NumericAggregate numeric ->
                switch (numeric.function()) {
                    case SUM, AVG, MIN, MAX -> true;
                    case MEDIAN, P90, P95, P99 -> false;
                };
            case Measure.Trailing trailing -> !trailing.exact();
            case Measure.OfSessions _ -> false;
        };
    }

    /** Of questions of one form; null where there are several and they are too much at once. */
    static @Nullable List<Optional<Fold>> begin(FoldBeginnings beginnings, List<MeasuredQuestion> questions) {
        List<MeasureFold> folds = questions.stream()
                .map(question -> new MeasureFold(question, beginnings.now()))
                .toList();
        if (!read(beginnings, folds)) {
            return null;
        }
        folds.forEach(MeasureFold::recount);
        return folds.stream()
                .map(fold -> fold.overflown ? Optional.<Fold>empty() : Optional.<Fold>of(fold))
                .toList();
    }

    /** Reads what the store has of folds that are cut alike; false where there are several and they are too much at once. */
    private static boolean read(FoldBeginnings beginnings, List<MeasureFold> folds) {
        MeasureFold first = folds.getFirst();
        FoldBatch batch =
                new FoldBatch(folds.stream().map(MeasureFold::question).toList());
        FoldSnapshot snapshot =
                new FoldSnapshot(beginnings.store(), beginnings.tenant(), batch, beginnings.beforeOffset());
        int left = folds.size() > 1 ? MOST_CELLS_AT_ONCE : MOST_CELLS;
        for (int part = 0; part < first.parts.size(); part++) {
            FoldCut cut = first.parts.get(part).cut();
            FoldCell.Shape shape = first.parts.get(part).shape();
            List<Property> keys = FoldWindows.keys(first.question);
            left = folds.size() > 1 ? left : MOST_CELLS;
            for (TimeRange span : cut.spans()) {
                Rows rows = snapshot.cells(cut, span, shape, keys, left);
                if (rows.size() > left) {
                    first.overflown = folds.size() == 1;
                    return first.overflown;
                }
                left -= rows.size();
                share(rows, batch, FoldSnapshot.columnsBefore(shape, keys), folds, part);
            }
        }
        List<MeasureFold> sparklines = folds.stream()
                .flatMap(fold -> Optional.ofNullable(fold.sparkline).stream())
                .toList();
        if (sparklines.isEmpty()) {
            return true;
        }
        boolean isRead = read(beginnings, sparklines);
        folds.forEach(fold -> fold.overflown |= fold.sparkline != null && fold.sparkline.overflown);
        return isRead;
    }

    private static void share(Rows rows, FoldBatch batch, int firstColumn, List<MeasureFold> folds, int part) {
        for (int row = 0; row < rows.size(); row++) {
            for (int member : batch.membersOf(rows, row, firstColumn)) {
                MeasureFold fold = folds.get(member);
                fold.overflown |= fold.parts.get(part).cells() >= MOST_CELLS;
                if (!fold.overflown) {
                    fold.parts.get(part).read(rows, row);
                }
            }
        }
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
        if (!overflown && filter.test(event)) {
            addPassed(event);
        }
    }

    private void addPassed(StoredEvent event) {
        for (FoldPart part : parts) {
            part.add(event);
        }
        if (sparkline != null) {
            sparkline.addPassed(event);
        }
        if (++sinceRecount >= recountEvery) {
            recount();
        }
    }

    @Override
    public boolean moveTo(Question later) {
        List<FoldCut> cuts = later instanceof MeasuredQuestion measured && !overflown ? cuts(measured) : null;
        if (cuts == null || !(later instanceof MeasuredQuestion measured)) {
            return false;
        }
        if (sparkline != null) {
            TrendQuestion line = measured instanceof MetricQuestion metric ? metric.sparkline() : null;
            if (line == null || !sparkline.moveTo(line)) {
                return false;
            }
        }
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).moveTo(cuts.get(i));
        }
        question = measured;
        sinceRecount = recountEvery;
        return true;
    }

    /** Those of the parts for a later question; null where one of them cannot move on. */
    private @Nullable List<FoldCut> cuts(MeasuredQuestion later) {
        if (!CanonicalForm.timeless(later).equals(shape)) {
            return null;
        }
        List<FoldCut> cuts = new ArrayList<>();
        for (FoldPart part : parts) {
            Family family = part.shape().family();
            FoldWindow window = FoldWindows.of(later, family);
            // It ends soon after this moment, or is not one that moves on.
            Instant now = Instant.ofEpochMilli(window.end() - 1);
            FoldCut fresh = FoldWindows.cut(later, family, now);
            FoldCut cut = part.cut().movedTo(window, FoldWindows.compared(later, family), fresh);
            if (cut == null) {
                return null;
            }
            cuts.add(cut);
        }
        return cuts;
    }

    @Override
    public Optional<Answer> current() {
        TrendAnswer line = null;
        if (sparkline != null && !overflown) {
            Optional<Answer> found = sparkline.current();
            overflown = found.isEmpty();
            line = found.orElse(null) instanceof TrendAnswer trend ? trend : null;
        }
        if (overflown) {
            return Optional.empty();
        }
        FoldView view = new FoldView(question, parts);
        Answer answer = switch (question) {
            case TrendQuestion trend -> FoldAnswers.trend(trend, view);
            case MetricQuestion metric -> FoldAnswers.metric(metric, view, line);
            case TableQuestion table -> FoldAnswers.table(table, view);
        };
        overflown = !view.isKnown();
        return overflown ? Optional.empty() : Optional.of(answer);
    }

    @Override
    public int bytes() {
        return bytes;
    }

    private void recount() {
        sinceRecount = 0;
        long sum = 512;
        int cells = 0;
        for (FoldPart part : parts) {
            sum += part.bytes();
            cells += part.cells();
        }
        if (sparkline != null) {
            sparkline.recount();
            sum += sparkline.bytes;
            overflown |= sparkline.overflown;
        }
        recountEvery = Math.max(RECOUNT_EVERY, cells / 4);
        bytes = (int) Math.min(sum, Integer.MAX_VALUE);
        overflown |= cells > 2 * MOST_CELLS || bytes > MOST_BYTES;
    }
}
