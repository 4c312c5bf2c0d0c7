package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps no answer in memory. */
final class NoFolding implements Folding {
    @Override
    public boolean isFor(Question question) {
        return false;
    }

    @Override
    public Interest interest(Question question) {
        return new Interest(Set.of(), Map.of());
    }

    @Override
    public String form(Question question) {
        return "";
    }

    @Override
    public List<Optional<Folded>> begin(TenantId tenant, List<Question> questions, long beforeOffset, Instant moment) {
        return questions.stream().map(_ -> Optional.<Folded>empty()).toList();
    }
}
