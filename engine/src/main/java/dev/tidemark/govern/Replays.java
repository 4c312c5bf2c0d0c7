package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.collect.Collector;
import dev.tidemark.collect.Resubmission;
import dev.tidemark.collect.Resubmitted;
import dev.tidemark.query.DeadLetterFilter;
import dev.tidemark.query.DeadLetters;
import dev.tidemark.query.KeptLetter;
import dev.tidemark.store.LetterMark;
import dev.tidemark.store.Upkeep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters through the pipeline again, under the ids that they have.
 *
 * <p>A letter counts once, however often it is replayed and wherever a crash falls. Its event is not sent where the store or the window
 * of recent ids knows it; where neither does, an earlier attempt can be in the journal only as long as the store is behind, which is
 * less than that window, since there is no replay while it is more. Attempts of one tenant take turns. Blocking; thread-safe.
 */
public final class Replays implements JobWork {
    static final String KIND = "replay_dead_letters";
    private static final double MAX_LAG_SECONDS = 60;
    private static final int PAGE = 500;

    private final DeadLetters letters;
    private final Collector collector;
    private final Upkeep upkeep;
    private final ToDoubleFunction<TenantId> lagSeconds;
    private final TimeSource time;
    private final Map<TenantId, ReentrantLock> turns = new ConcurrentHashMap<>();

    /** @param lagSeconds how long the oldest entry of the tenant's partition has waited to be stored */
    public Replays(
            DeadLetters letters,
            Collector collector,
            Upkeep upkeep,
            ToDoubleFunction<TenantId> lagSeconds,
            TimeSource time) {
        this.letters = letters;
        this.collector = collector;
        this.upkeep = upkeep;
        this.lagSeconds = lagSeconds;
        this.time = time;
    }

    /** Replays one letter, with another payload where one is given. {@code NOT_FOUND} when there is no such letter. */
    ObjectNode one(TenantId tenant, String id, @Nullable String corrected) {
        return inTurn(tenant, () -> {
            KeptLetter letter = letters.find(tenant, id)
                    .orElseThrow(() -> new TidemarkException(ErrorCode.NOT_FOUND, "there is no such dead letter"));
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("id", id);
            if (!letter.state().equals("open")) {
                return answer.put("state", letter.state()).put("outcome", "already_replayed");
            }
            Resubmitted outcome = send(tenant, List.of(letter), corrected).getFirst();
            answer.put("state", outcome instanceof Resubmitted.Refused ? "open" : "replayed");
            answer.put("outcome", name(outcome));
            if (outcome instanceof Resubmitted.Refused(String reason, String field, String message)) {
                answer.put("reason", reason).put("field", field).put("message", message);
            }
            return answer;
        });
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Permission seenWith() {
        return Permission.DEAD_LETTERS_READ;
    }

    /** The next page of the letters of a filter that were there when the job was made. */
    @Override
    public Advance advance(Job job) {
        if (lagSeconds.applyAsDouble(job.tenant()) > MAX_LAG_SECONDS) {
            return new Advance.Later(
                    job.progress(), Duration.ofSeconds(10), "the store is behind: it goes on once it has caught up");
        }
        return inTurn(job.tenant(), () -> page(job));
    }

    private Advance page(Job job) {
        DeadLetterFilter filter = DeadLetterFilter.of(job.request().path("filter"), "filter")
                .openBefore(job.createdAt().toEpochMilli());
        ObjectNode progress = job.progress().deepCopy();
        DeadLetters.Place after = progress.has("id")
                ? new DeadLetters.Place(
                        progress.path("at").asLong(), progress.path("id").asText())
                : null;
        List<KeptLetter> page = letters.page(job.tenant(), filter, after, PAGE);
        if (page.isEmpty()) {
            progress.remove(List.of("at", "id"));
            return new Advance.Done(job.request(), progress);
        }
        Map<String, KeptLetter> byId = new LinkedHashMap<>();
        page.forEach(letter -> byId.put(letter.id(), letter));
        for (Resubmitted outcome : send(job.tenant(), List.copyOf(byId.values()), null)) {
            String name = name(outcome);
            progress.put(name, progress.path(name).asLong() + 1);
        }
        progress.put("at", page.getLast().receivedAtMillis());
        progress.put("id", page.getLast().id());
        return new Advance.Further(progress);
    }

    private List<Resubmitted> send(TenantId tenant, List<KeptLetter> page, @Nullable String corrected) {
        if (lagSeconds.applyAsDouble(tenant) > MAX_LAG_SECONDS) {
            throw new TidemarkException(
                    ErrorCode.OVERLOADED,
                    "the store is behind: replay once it has caught up, for nothing to count twice");
        }
        List<Resubmitted> outcomes = collector.resubmit(
                tenant,
                page.stream()
                        .map(letter -> new Resubmission(
                                new EventId(letter.id()),
                                letter.payload(),
                                corrected,
                                letter.source(),
                                letter.receivedAtMillis(),
                                letter.keyId().isEmpty() ? null : letter.keyId()))
                        .toList());
        List<LetterMark> marks = new ArrayList<>();
        for (int index = 0; index < page.size(); index++) {
            marks.add(mark(page.get(index).id(), outcomes.get(index), corrected == null));
        }
        upkeep.mark(tenant, marks, time.millis());
        return outcomes;
    }

    /** A letter keeps its own reason where somebody's correction was wrong too. */
    private static LetterMark mark(String id, Resubmitted outcome, boolean asItWas) {
        if (outcome instanceof Resubmitted.Refused(String reason, String field, String message)) {
            return asItWas
                    ? new LetterMark(id, false, "refused", reason, field, message)
                    : new LetterMark(id, false, "refused with a correction: " + reason, null, null, null);
        }
        return new LetterMark(id, true, name(outcome), null, null, null);
    }

    private static String name(Resubmitted outcome) {
        return switch (outcome) {
            case Resubmitted.Accepted _ -> "accepted";
            case Resubmitted.Known _ -> "duplicate";
            case Resubmitted.Dropped _ -> "dropped";
            case Resubmitted.Refused _ -> "refused";
        };
    }

    private <T> T inTurn(TenantId tenant, java.util.function.Supplier<T> attempt) {
        ReentrantLock turn = turns.computeIfAbsent(tenant, _ -> new ReentrantLock());
        turn.lock();
        try {
            return attempt.get();
        } finally {
            turn.unlock();
        }
    }
}
