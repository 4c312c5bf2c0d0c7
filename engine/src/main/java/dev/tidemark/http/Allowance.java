package dev.tidemark.http;

import dev.tidemark.base.TenantId;
import java.util.Map;

/** How much a tenant may ask. Never blocks; thread-safe. */
@FunctionalInterface
public interface Allowance {
    /** Any number at any time. */
    Allowance UNBOUNDED = _ -> new Turn() {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public void end(boolean asked) {}
    };

    /** Lets a request that asks begin. Fails with {@code RATE_LIMITED}. */
    Turn begin(TenantId tenant);

    /** A request that is being answered. */
    interface Turn {
        /** What is left, for the answer. */
        Map<String, String> headers();

        /**
         * Ends it, once.
         *
         * @param asked whether the store was asked; an answer from memory costs nothing
         */
        void end(boolean asked);
    }
}
