package dev.tidemark.process;

import dev.tidemark.base.JournalEntry;
import dev.tidemark.process.UserTraits.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a partition's worker is told of persons who are to be erased. {@link #add} may be called by any thread; what it adds holds for
 * every entry that the worker looks at later.
 */
final class Erasures {
    private final int partition;
    private final State state;
    private final Queue<Forgetting> asked = new ConcurrentLinkedQueue<>();
    private volatile long due;
    private volatile List<Erasure> known;

    private record Forgetting(List<User> users, CompletableFuture<Boolean> done) {}

    /** Those of earlier runs, but for what the journal no longer holds. */
    Erasures(int partition, State state, long journalBegin) {
        this.partition = partition;
        this.state = state;
        List<Erasure> needed = new ArrayList<>();
        for (Erasure erasure : state.erasures()) {
            if (erasure.partition() == partition && erasure.before() > journalBegin) {
                needed.add(erasure);
            } else if (erasure.partition() == partition) {
                state.forget(erasure);
            }
        }
        this.known = List.copyOf(needed);
        this.due = needed.stream().mapToLong(Erasure::before).max().orElse(0);
    }

    /** Has the worker remove what lies before an offset from the journal, once something newer is there. */
    synchronized void due(long before) {
        due = Math.max(due, before);
    }

    /** Before which offset the journal is to be emptied; 0 for nothing. */
    long due() {
        return due;
    }

    synchronized void purged(long before) {
        due = due == before ? 0 : due;
    }

    boolean cover(JournalEntry entry, long offset) {
        List<Erasure> now = known;
        for (int index = 0; index < now.size(); index++) {
            if (now.get(index).covers(entry, offset)) {
                return true;
            }
        }
        return false;
    }

    /** Durable when it returns. */
    synchronized void add(Erasure erasure) {
        List<Erasure> all = new ArrayList<>(known);
        Erasure whole = erasure;
        for (Erasure each : known) {
            if (each.before() == erasure.before() && each.tenant().equals(erasure.tenant())) {
                whole = each.with(erasure);
                all.remove(each);
            }
        }
        all.add(whole);
        state.erase(whole);
        known = List.copyOf(all);
    }

    private synchronized void dropThrough(long journalBegin) {
        List<Erasure> needed = new ArrayList<>(known);
        if (needed.removeIf(each -> each.before() <= journalBegin)) {
            known.stream().filter(each -> !needed.contains(each)).forEach(state::forget);
            known = List.copyOf(needed);
        }
    }

    /** Has the worker forget the traits of users between two batches; done once that is durable. */
    CompletableFuture<Boolean> forget(List<User> users) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        asked.add(new Forgetting(users, done));
        return done;
    }

    /** By the worker, between two batches. */
    void carryOut(UserTraits traits, long journalBegin) {
        if (!known.isEmpty()) {
            dropThrough(journalBegin);
        }
        for (Forgetting next = asked.poll(); next != null; next = asked.poll()) {
            try {
                state.forgetTraits(next.users.stream().map(User::key).toList());
                next.users.forEach(traits::forget);
                next.done.complete(true);
            } catch (RuntimeException failure) {
                next.done.completeExceptionally(failure);
            }
        }
    }

    @Override
    public String toString() {
        return "partition " + partition + ": " + known.size();
    }
}
