package dev.tidemark.collect;

import dev.tidemark.account.quota.Limit;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests that were refused because their tenant's rate of events was used up: until there is room for one of them again, or a second is over, a request
 * of that tenant that is as large is refused without being read. So a flood under a plan costs a look at its heads. Thread-safe.
 */
final class RecentRefusals {
    /** A limit that is raised meanwhile is noticed as late at most. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Map<TenantId, Refusal> byTenant = new ConcurrentHashMap<>();

    private record Refusal(long from, Exceeded exceeded, String detail, long bytes, String encoding) {}

    RecentRefusals(TimeSource time) {
        this.time = time;
    }

    /**
     * Notes why a request was refused, if that is a rate.
     *
     * @param bytes of its body as sent
     * @param encoding of its body, empty for none
     */
    void note(TenantId tenant, long bytes, String encoding, TidemarkException failure) {
        if (failure.code() == ErrorCode.RATE_LIMITED) {
            failure.exceeded()
                    .filter(_ -> of(tenant, bytes, encoding).isEmpty())
                    .filter(exceeded -> exceeded.limit().equals(Limit.EVENTS_PER_SECOND.wireName()))
                    .ifPresent(exceeded -> byTenant.put(
                            tenant, new Refusal(time.nanos(), exceeded, failure.detail(), bytes, encoding)));
        }
    }

    /** Why a request is to be refused at once. */
    Optional<TidemarkException> of(TenantId tenant, long bytes, String encoding) {
        Refusal refusal = byTenant.get(tenant);
        if (refusal == null) {
            return Optional.empty();
        }
        Duration since = Duration.ofNanos(time.nanos() - refusal.from);
        Duration left = refusal.exceeded.retryAfter().minus(since);
        if (!left.isPositive() || since.compareTo(LONGEST) >= 0) {
            byTenant.remove(tenant, refusal);
            return Optional.empty();
        }
        if (bytes < refusal.bytes || !encoding.equals(refusal.encoding)) {
            return Optional.empty();
        }
        Exceeded then = refusal.exceeded;
        return Optional.of(new TidemarkException(
                ErrorCode.RATE_LIMITED,
                refusal.detail,
                new Exceeded(then.limit(), then.hard(), then.resetsAt(), left, then.headers())));
    }
}
