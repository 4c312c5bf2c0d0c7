package dev.tidemark.account.quota;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has used of its limits.
 *
 * @param days the last 31 days of UTC, oldest first
 */
record Usage(String plan, Instant at, List<Line> lines, List<Day> days) {
    /** How near a limit is. */
    enum State {
        OK,
        SOFT,
        HARD
    }

    /**
     * Of one limit.
     *
     * @param soft from how much on there are warnings; null where nothing is limited
     * @param hard null for unlimited
     * @param window what the number is of, as in {@code 2026-11}, {@code 1s} or {@code 1m}; null for what there is now
     * @param resetsAt when the window ends; null where it moves along
     */
    record Line(
            Limit limit,
            long used,
            @Nullable Long soft,
            @Nullable Long hard,
            @Nullable String window,
            @Nullable Instant resetsAt) {
        State state() {
            if (hard == null || soft == null) {
                return State.OK;
            }
            return used >= hard ? State.HARD : used >= soft ? State.SOFT : State.OK;
        }
    }

    /** One day of UTC. */
    record Day(LocalDate date, long events, long queries) {}
}
