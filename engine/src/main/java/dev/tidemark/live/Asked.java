package dev.tidemark.live;

import dev.tidemark.report.WidgetAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the store to one widget, asked again at an interval when something arrived: the more it costs, the longer. Not
 * thread-safe, but for {@link #answered}.
 */
final class Asked {
    private static final int PAUSE_PER_COST = 20;
    private static final int[] STEPS_SECONDS = {1, 2, 5, 10, 15, 30, 60};

    private final Duration least;
    private @Nullable WidgetAnswer answer;
    private long position = -1;
    private boolean isDue = true;
    private boolean isUnderWay;
    private long notBeforeNanos;
    private Duration cost = Duration.ZERO;
    private int everySeconds;
    private Receipts awaited = Receipts.NONE;
    private Receipts onTheWay = Receipts.NONE;
    private Receipts brought = Receipts.NONE;
    private volatile @Nullable News news;

    /** What came of asking; without an answer where that failed. */
    private record News(@Nullable WidgetAnswer answer, long position, Duration cost) {}

    /**
     * One that was never asked.
     *
     * @param least the shortest interval
     */
    Asked(Duration least) {
        this.least = least;
        this.everySeconds = step(least.toMillis());
    }

    /** Notes that the answer may be another one now. */
    void outdate() {
        isDue = true;
    }

    /** Notes that events came to the store. */
    void arrived(Receipts receipts) {
        isDue = true;
        awaited = awaited.and(receipts);
    }

    /** When it is to be asked; {@code Long.MAX_VALUE} when there is no reason to. */
    long dueNanos(long nowNanos) {
        if (isUnderWay || !isDue) {
            return Long.MAX_VALUE;
        }
        return answer == null ? nowNanos : notBeforeNanos;
    }

    /** Whether to ask now; if so, it counts as being asked until {@link #answered}. */
    boolean claim(long nowNanos) {
        long due = dueNanos(nowNanos);
        if (due == Long.MAX_VALUE || nowNanos - due < 0) {
            return false;
        }
        isDue = false;
        isUnderWay = true;
        onTheWay = onTheWay.and(awaited);
        awaited = Receipts.NONE;
        notBeforeNanos = nowNanos + pauseMillis() * 1_000_000;
        return true;
    }

    /**
     * Brings what came of asking, from any thread.
     *
     * @param given null where it failed
     * @param offset of the journal up to which the store had everything before
     */
    void answered(@Nullable WidgetAnswer given, long offset, Duration took) {
        news = new News(given, offset, took);
    }

    /** Takes what was brought meanwhile. */
    void takeNews() {
        News came = news;
        if (came == null) {
            return;
        }
        news = null;
        isUnderWay = false;
        cost = came.cost;
        long wanted = pauseMillis();
        if (wanted > everySeconds * 1_000L || wanted * 2 <= everySeconds * 1_000L) {
            everySeconds = step(wanted);
        }
        WidgetAnswer given = came.answer;
        if (given == null) {
            isDue = true;
            awaited = awaited.and(onTheWay);
        } else {
            position = came.position;
            isDue |= !given.isFresh();
            if (answer == null || !answer.looksLike(given)) {
                answer = given;
                brought = brought.and(onTheWay);
            }
        }
        onTheWay = Receipts.NONE;
    }

    @Nullable
    WidgetAnswer answer() {
        return answer;
    }

    /** Up to where the journal is in the answer. */
    long position() {
        return position;
    }

    /** When the events were received that the answer brought since this was last called. */
    Receipts takeBrought() {
        Receipts taken = brought;
        brought = Receipts.NONE;
        return taken;
    }

    /** At least how often it is asked while events arrive. */
    int everySeconds() {
        return everySeconds;
    }

    /** Forgets the answer, because there is a better one elsewhere. */
    void drop() {
        answer = null;
        isDue = true;
        awaited = Receipts.NONE;
        brought = Receipts.NONE;
    }

    private long pauseMillis() {
        long longest = STEPS_SECONDS[STEPS_SECONDS.length - 1] * 1_000L;
        return Math.max(least.toMillis(), Math.min(longest, cost.toMillis() * PAUSE_PER_COST));
    }

    private static int step(long millis) {
        for (int seconds : STEPS_SECONDS) {
            if (seconds * 1_000L >= millis) {
                return seconds;
            }
        }
        return STEPS_SECONDS[STEPS_SECONDS.length - 1];
    }
}
