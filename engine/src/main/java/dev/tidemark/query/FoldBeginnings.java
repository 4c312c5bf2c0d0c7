package dev.tidemark.query;

import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.store.EventStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Begins folds of one tenant with what the store holds before an offset: those of questions of one form with the rows of the same
 * statements, in halves where that would be too much at once.
 */
record FoldBeginnings(EventStore store, TenantId tenant, long beforeOffset, Instant now) {

    /** In the order of the questions, for all of which there are folds; empty where one would hold too much. */
    List<Optional<Fold>> of(List<? extends Question> questions) {
        Map<String, List<Integer>> byForm = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            byForm.computeIfAbsent(CanonicalForm.unpinned(questions.get(i)), _ -> new ArrayList<>())
                    .add(i);
        }
        List<Optional<Fold>> folds = new ArrayList<>(IntStream.range(0, questions.size())
                .mapToObj(_ -> Optional.<Fold>empty())
                .toList());
        byForm.values().forEach(members -> {
            List<Optional<Fold>> begun =
                    ofOneForm(members.stream().map(questions::get).toList());
            for (int i = 0; i < members.size(); i++) {
                folds.set(members.get(i), begun.get(i));
            }
        });
        return folds;
    }

    private List<Optional<Fold>> ofOneForm(List<? extends Question> questions) {
        List<Optional<Fold>> folds = together(questions);
        if (folds != null) {
            return folds;
        }
        int half = questions.size() / 2;
        List<Optional<Fold>> all = new ArrayList<>(ofOneForm(questions.subList(0, half)));
        all.addAll(ofOneForm(questions.subList(half, questions.size())));
        return all;
    }

    /** Null where there are several and they are too much at once. */
    private @Nullable List<Optional<Fold>> together(List<? extends Question> questions) {
        try {
            return switch (questions.getFirst()) {
                case MeasuredQuestion _ -> MeasureFold.begin(this, of(MeasuredQuestion.class, questions));
                case FunnelQuestion _ -> FunnelFold.begin(this, of(FunnelQuestion.class, questions));
                case RetentionQuestion _, CohortQuestion _, PathsQuestion _, StickinessQuestion _ ->
                    throw new TidemarkException(ErrorCode.INTERNAL, "a fold of a question that there is none for");
            };
        } catch (TidemarkException failure) {
            if (failure.code() == ErrorCode.QUERY_TOO_EXPENSIVE && questions.size() > 1) {
                return null;
            }
            throw failure;
        }
    }

    private static <T extends Question> List<T> of(Class<T> type, List<? extends Question> questions) {
        return questions.stream().map(type::cast).toList();
    }
}
