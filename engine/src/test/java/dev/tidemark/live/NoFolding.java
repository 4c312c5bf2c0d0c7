package dev.tidemark.live;

import dev.tidemark.base.TenantId;
import dev.tidemark.query.Interest;
import dev.tidemark.query.Question;
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
    public Optional<Folded> begin(TenantId tenant, Question question, long beforeOffset) {
        return Optional.empty();
    }
}
