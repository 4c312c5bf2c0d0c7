package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.query.Answer;
import dev.tidemark.query.Fold;
import dev.tidemark.query.Interest;
import dev.tidemark.query.QueryEngine;
import dev.tidemark.query.Question;
import dev.tidemark.store.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers that begin with what the query engine finds. Thread-safe. */
public record EngineFolding(QueryEngine engine) implements Folding {

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
        return engine.folds(tenant, questions, beforeOffset, moment).stream()
                .map(fold -> fold.<Folded>map(Kept::new))
                .toList();
    }

    private record Kept(Fold fold) implements Folded {
        @Override
        public void add(StoredEvent event) {
            fold.add(event);
        }

        @Override
        public Optional<ObjectNode> data() {
            return fold.current().map(Answer::toJson);
        }

        @Override
        public long bytes() {
            return fold.bytes();
        }

        @Override
        public boolean moveTo(Question later) {
            return fold.moveTo(later);
        }
    }
}
