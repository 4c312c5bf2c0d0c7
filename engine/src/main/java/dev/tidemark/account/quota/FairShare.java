package dev.tidemark.account.quota;

import dev.tidemark.base.TenantId;
import java.time.Duration;

/** When requests with events come in, so that a tenant that sends much leaves room for others. Never blocks, so event loops may ask; thread-safe. */
@FunctionalInterface
public interface FairShare {
    /** Everyone at any time. */
    FairShare UNBOUNDED = _ -> new Entry.In(Turn.FREE);

    /** Lets a request of a tenant in, or says when to ask again. */
    Entry enter(TenantId tenant);

    /** What became of an attempt. */
    sealed interface Entry {
        /** It comes in now. */
        record In(Turn turn) implements Entry {}

        /**
         * It would be more than the tenant's share; nothing was taken.
         *
         * @param delay after which there is room again, if the tenant sends nothing else meanwhile
         * @param eventsPerSecond that a tenant may send now
         */
        record Wait(Duration delay, long eventsPerSecond) implements Entry {}
    }

    /** A request that came in. */
    @FunctionalInterface
    interface Turn {
        /** Nobody counts. */
        Turn FREE = _ -> {};

        /** Says how many events it held, 0 where it was refused. Once. */
        void took(int events);
    }
}
