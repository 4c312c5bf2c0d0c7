package dev.tidemark.account.quota;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits as they are said, in a plan or for one tenant in its stead.
 *
 * @param said by limit; {@link #UNLIMITED} lifts what a plan says
 * @param burst how many events may come at once; null where nothing is said
 * @param softPercent from what share of a limit on there are warnings; null where nothing is said
 */
public record Limits(
        Map<Limit, Long> said,
        @Nullable Long burst,
        @Nullable Integer softPercent) {
    static final long UNLIMITED = Long.MAX_VALUE;
    static final int DEFAULT_SOFT_PERCENT = 80;

    /** As many as one request can have, so that every request fits in at some time. */
    static final long LEAST_BURST = 2_000;

    private static final int DEFAULT_BURST_SECONDS = 5;
    private static final int PERCENT = 100;

    /** Says nothing. */
    public static final Limits NONE = new Limits(Map.of(), null, null);

    public Limits {
        said = said.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(said));
    }

    /** How much there may be; null for any number. */
    public @Nullable Long hard(Limit limit) {
        Long value = said.get(limit);
        return value == null || value == UNLIMITED ? null : value;
    }

    /** From how much on there are warnings; null for never. */
    public @Nullable Long soft(Limit limit) {
        Long hard = hard(limit);
        return hard == null ? null : Math.max(1, (long) Math.ceil((double) hard * soft() / PERCENT));
    }

    /** How many events may come at once, where the rate is limited. */
    long burstOrDefault(long perSecond) {
        return burst != null ? burst : Math.max(LEAST_BURST, perSecond * DEFAULT_BURST_SECONDS);
    }

    /** These, and where they say nothing, what a plan says. */
    Limits over(Limits plan) {
        Map<Limit, Long> all = new EnumMap<>(Limit.class);
        all.putAll(plan.said);
        all.putAll(said);
        return new Limits(
                all, burst == null ? plan.burst : burst, softPercent == null ? plan.softPercent : softPercent);
    }

    /** Whether anything is limited that comes with events. */
    boolean boundsEvents() {
        return hard(Limit.EVENTS_PER_SECOND) != null
                || hard(Limit.EVENTS_PER_MONTH) != null
                || hard(Limit.STORAGE_BYTES) != null;
    }

    private int soft() {
        return softPercent == null ? DEFAULT_SOFT_PERCENT : softPercent;
    }
}
