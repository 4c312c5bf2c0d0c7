package dev.tidemark.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.TenantId;
import dev.tidemark.live.Folding.Folded;
import dev.tidemark.query.Question;
import dev.tidemark.store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one question of one tenant, kept right for all who watch it. It begins with what the store holds before an offset,
 * while events from there on are put by; then every event is added. Where events were missed it begins anew, and shows meanwhile what
 * it had, for a moment. Thread-safe; never blocks for long.
 */
final class StandingQuery {
    /** How many events are put by while the store is asked; with more it begins anew. */
    static final int MOST_PUT_BY = 50_000;

    /** Of a place in a list: the event itself is everybody's. */
    private static final int BYTES_OF_EVENT = 8;

    private static final Duration OLD_ANSWERS_SERVE = Duration.ofSeconds(20);

    /** Told of every change. Must be quick. */
    interface Holder {
        /**
         * The answer may have changed.
         *
         * @param oldestReceivedAtMillis of the events that did it; {@code Long.MAX_VALUE} where none did
         * @param newestReceivedAtMillis of the events that did it; 0 where none did
         */
        void changed(long oldestReceivedAtMillis, long newestReceivedAtMillis);
    }

    /**
     * An answer.
     *
     * @param data the same object as long as nothing changes; not to be modified
     * @param position of the journal up to which all events are in it, perhaps more
     */
    record Standing(ObjectNode data, long position) {}

    /** Why there is no standing answer. */
    enum Absence {
        STARTING,
        TOO_LARGE
    }

    private enum State {
        WAITING,
        OPENING,
        LIVE,
        REFUSED,
        ENDED
    }

    private final TenantId tenant;
    private final List<Holder> holders = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final List<StoredEvent> found = new ArrayList<>();
    private final List<StoredEvent> putBy = new ArrayList<>();
    private State state = State.WAITING;
    private Question question;
    private String key;
    private @Nullable Folded folded;
    private long from;
    private AtomicLong highest = new AtomicLong(-1);
    private Instant begunAt = Instant.MAX;
    private int attempts;
    private boolean changed;
    private boolean isBehind;
    private @Nullable Standing last;
    private long oldSinceNanos;
    private long bytes;

    /**
     * One that has not begun.
     *
     * @param key the {@link Question#cacheKey()} of the question
     */
    StandingQuery(TenantId tenant, Question question, String key) {
        this.tenant = tenant;
        this.question = question;
        this.key = key;
    }

    TenantId tenant() {
        return tenant;
    }

    synchronized Question question() {
        return question;
    }

    /** The {@link Question#cacheKey()} of its question. */
    synchronized String key() {
        return key;
    }

    List<Holder> holders() {
        return holders;
    }

    /** Complete once it has begun, or once that has failed for the first time. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /** From here on it gets the events of its tenant; tells whether it still wants to begin. */
    synchronized boolean subscribed(long offset, AtomicLong highestOffset) {
        if (state != State.WAITING && state != State.REFUSED) {
            return false;
        }
        state = State.OPENING;
        from = offset;
        highest = highestOffset;
        attempts++;
        return true;
    }

    /** The offset at which it was subscribed. */
    synchronized long from() {
        return from;
    }

    /** Whether it waits for what the store holds before an offset. */
    synchronized boolean isOpening(long offset) {
        return state == State.OPENING && from == offset;
    }

    /** Adds an event of before the offset at which it was subscribed, which the store is not asked for. */
    synchronized void putBy(long offset, StoredEvent event) {
        if (isOpening(offset)) {
            putBy.add(event);
        }
    }

    /** How often it has tried to begin since it last did. */
    synchronized int attempts() {
        return attempts;
    }

    /** Collects an event that it is concerned by, for {@link #fold}. Only the thread that brings events calls these two. */
    boolean collect(StoredEvent event) {
        found.add(event);
        return found.size() == 1;
    }

    /** Forgets what was collected and not added. */
    void drop() {
        found.clear();
    }

    /** Adds what was collected, and tells who watches. Tells whether it has to begin anew because too much was put by. */
    boolean fold() {
        long oldest = Long.MAX_VALUE;
        long newest = 0;
        boolean isLive = false;
        boolean tooMuch = false;
        synchronized (this) {
            for (StoredEvent event : found) {
                if (event.address().offset() < from) {
                    continue;
                }
                if (state == State.OPENING) {
                    putBy.add(event);
                } else if (state == State.LIVE && folded != null) {
                    folded.add(event);
                    isLive = true;
                    oldest = Math.min(oldest, event.event().receivedAtMillis());
                    newest = Math.max(newest, event.event().receivedAtMillis());
                }
            }
            tooMuch = putBy.size() > MOST_PUT_BY;
            changed |= isLive;
        }
        found.clear();
        if (isLive) {
            tell(oldest, newest);
        }
        return tooMuch;
    }

    /**
     * Goes on from what the store held before what it has put by; tells whether it is live now. It is not where it has come to an end or
     * begun anew meanwhile.
     *
     * @param asked what was asked
     * @param at when
     */
    boolean begin(Folded begun, Question asked, long offset, Instant at) {
        synchronized (this) {
            if (!isOpening(offset)) {
                return false;
            }
            putBy.forEach(begun::add);
            putBy.clear();
            if (!asked.equals(question) && !begun.moveTo(question)) {
                state = State.WAITING;
                return false;
            }
            folded = begun;
            isBehind = false;
            bytes = begun.bytes();
            begunAt = at;
            state = State.LIVE;
            attempts = 0;
            changed = true;
        }
        settled.complete(null);
        tell(Long.MAX_VALUE, 0);
        return true;
    }

    /** The answer now; empty where there is none that could be shown. */
    synchronized Optional<Standing> current(long nowNanos) {
        Folded live = folded;
        if (live == null) {
            return isShowable(nowNanos) ? Optional.ofNullable(last) : Optional.empty();
        }
        long position = Math.max(from - 1, highest.get());
        Standing known = last;
        if (changed || known == null) {
            Optional<ObjectNode> data = live.data();
            bytes = live.bytes();
            if (data.isEmpty()) {
                giveUp();
                return Optional.empty();
            }
            changed = false;
            known = new Standing(known != null && known.data.equals(data.get()) ? known.data : data.get(), position);
        } else if (known.position != position) {
            known = new Standing(known.data, position);
        }
        last = known;
        return Optional.of(known);
    }

    /** Whether there is an answer that could be shown; where there turns out to be too much of it, that is known only later. */
    synchronized boolean isShowable(long nowNanos) {
        return switch (state) {
            case LIVE -> true;
            case WAITING, OPENING -> last != null && nowNanos - oldSinceNanos < OLD_ANSWERS_SERVE.toNanos();
            case REFUSED, ENDED -> false;
        };
    }

    /** Why there is no answer, where there is none. */
    synchronized Absence absence() {
        return state == State.REFUSED ? Absence.TOO_LARGE : Absence.STARTING;
    }

    /** Whether its answer is being kept right now. */
    synchronized boolean isLive() {
        return state == State.LIVE;
    }

    /** Whether it is live, from what was asked of the store before a moment. */
    synchronized boolean isOlderThan(Instant moment) {
        return state == State.LIVE && begunAt.isBefore(moment);
    }

    /** Is of a later question from now on, to which {@link #moveOn} takes the answer. */
    synchronized void aim(Question later, String laterKey) {
        question = later;
        key = laterKey;
        isBehind = true;
    }

    /** Takes the answer to its question; false where that takes a new beginning, with {@link #startOver}. */
    boolean moveOn() {
        synchronized (this) {
            if (!isBehind) {
                return true;
            }
            isBehind = false;
            if (state != State.LIVE || folded == null) {
                return state != State.LIVE;
            }
            changed = true;
            if (!folded.moveTo(question)) {
                return false;
            }
        }
        tell(Long.MAX_VALUE, 0);
        return true;
    }

    /** Takes it back to where it has to be subscribed again. */
    synchronized void startOver(long nowNanos) {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.LIVE) {
            oldSinceNanos = nowNanos;
        }
        clear();
        state = State.WAITING;
    }

    /** Gives it up for now, because it takes too much memory. */
    void refuse() {
        synchronized (this) {
            giveUp();
        }
        settled.complete(null);
        tell(Long.MAX_VALUE, 0);
    }

    private void giveUp() {
        if (state != State.ENDED) {
            clear();
            last = null;
            state = State.REFUSED;
        }
    }

    /** Tells those who wait for it that it will take longer. */
    void isLate() {
        settled.complete(null);
    }

    synchronized void end() {
        clear();
        last = null;
        state = State.ENDED;
    }

    synchronized boolean isRefused() {
        return state == State.REFUSED;
    }

    /** Whether it is to be subscribed. */
    synchronized boolean isWaiting() {
        return state == State.WAITING;
    }

    synchronized boolean hasEnded() {
        return state == State.ENDED;
    }

    /** About how much memory it takes. */
    synchronized long bytes() {
        return bytes + (long) BYTES_OF_EVENT * putBy.size();
    }

    private void clear() {
        putBy.clear();
        folded = null;
        bytes = 0;
    }

    private void tell(long oldest, long newest) {
        holders.forEach(holder -> holder.changed(oldest, newest));
    }
}
