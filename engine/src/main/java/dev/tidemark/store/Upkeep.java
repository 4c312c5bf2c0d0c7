package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.util.List;

/**
 * What changes or removes rows that are stored, for the few who may. Everything may be done again, with the same result. Blocking;
 * thread-safe. Methods fail like {@link EventStore#insert}; then the change may have been made or not.
 */
public interface Upkeep {

    /** Notes what became of dead letters, at a moment that is later than that of any earlier note. */
    void mark(TenantId tenant, List<LetterMark> marks, long atMillis);

    /**
     * Removes rows. No question sees them once this returns; the engine has written the parts that held them anew, and removes the
     * former ones from its disk within some minutes.
     */
    void delete(Deletion deletion);

    /**
     * Removes events of one month, and makes the rollups of the hours that they lie in anew from the other events. While the rollups are
     * made, nothing is inserted, and for a moment those hours are missing in them. Begun again after a failure, it ends the same.
     *
     * <p>Fails with {@code OVERLOADED}, having done nothing, while the outcome of some block's insert is not known.
     *
     * @param month of UTC event time, as in 202611
     */
    void removeEvents(Deletion events, int month);

    /**
     * Has the texts of the statements above leave the engine's disk within some minutes: each names what it removed, and the engine keeps
     * the last one of a table. One that names nothing takes its place.
     */
    void forgetStatements();

    /**
     * Gives every row of a tenant in one table (events, a rollup, dead letters) the day of expiry that a retention says, and removes at once
     * what has expired by it.
     */
    void retain(Retention retention, Table table);
}
