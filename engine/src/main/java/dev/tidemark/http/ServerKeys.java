package dev.tidemark.http;

import dev.tidemark.base.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are about the server as a whole and about no tenant.
 *
 * @param operator stands for whoever may read the data directory
 * @param metrics reads {@code /metrics} and nothing else; null for none
 */
public record ServerKeys(Secret operator, @Nullable Secret metrics) {
    boolean isOperator(String presented) {
        return operator.equals(new Secret(presented));
    }

    boolean readsMetrics(String presented) {
        return metrics != null && metrics.equals(new Secret(presented));
    }
}
