package dev.tidemark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.query.Question;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers questions from the cache while that is right, else from the store, and never puts one question twice at a time.
 *
 * <p>A cached answer is fresh while nothing that reached the store after its question was put touches the question's range,
 * its lifetime is not over, and nobody has invalidated it. Bucket boundaries need no rule: a question's key changes when
 * a bucket is completed. Blocking; thread-safe.
 */
final class WidgetResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WidgetAnswers answers;
    private final ResultCache cache;
    private final Positions positions;
    private final TimeSource clock;
    private final CacheSettings settings;
    private final Map<Flight, CompletableFuture<CachedResult>> flights = new ConcurrentHashMap<>();
    private final Counter hits;
    private final Counter misses;

    WidgetResults(
            WidgetAnswers answers,
            ResultCache cache,
            Positions positions,
            TimeSource clock,
            CacheSettings settings,
            MeterRegistry meters) {
        this.answers = answers;
        this.cache = cache;
        this.positions = positions;
        this.clock = clock;
        this.settings = settings;
        this.hits = meters.counter("tidemark.cache.hits");
        this.misses = meters.counter("tidemark.cache.misses");
    }

    /** A cached answer that is still right. */
    Optional<CachedResult> findFresh(TenantId tenant, Question question, Instant forgottenSince) {
        Optional<CachedResult> fresh = cache.find(tenant, question.cacheKey())
                .filter(result -> isFresh(tenant, question, result, forgottenSince));
        fresh.ifPresent(_ -> hits.increment());
        return fresh;
    }

    /** Whatever answer is in the cache, right or not, unless it was invalidated. */
    Optional<CachedResult> findAny(TenantId tenant, String key, Instant forgottenSince) {
        return cache.find(tenant, key).filter(result -> result.askedAt().isAfter(forgottenSince));
    }

    boolean isFresh(TenantId tenant, Question question, CachedResult result, Instant forgottenSince) {
        return clock.instant().isBefore(result.freshUntil())
                && result.askedAt().isAfter(forgottenSince)
                && lastTouch(tenant, question) <= result.position();
    }

    /** Counts hits that were found in another way. */
    void countHits(int count) {
        hits.increment(count);
    }

    void forget(TenantId tenant) {
        cache.forget(tenant);
        answers.forget(tenant);
    }

    /** Forgets what answers were made from, so that the next ones are computed from the events. */
    void forgetParts(TenantId tenant) {
        answers.forget(tenant);
    }

    /**
     * An answer that knows of everything that was in the store when this was called. Joins a caller who has put the same
     * question at a time that satisfies this.
     */
    CachedResult obtain(TenantId tenant, Question question, Instant forgottenSince) {
        Flight flight = new Flight(tenant, question.cacheKey());
        long needed = lastTouch(tenant, question);
        while (true) {
            CompletableFuture<CachedResult> mine = new CompletableFuture<>();
            CompletableFuture<CachedResult> other = flights.putIfAbsent(flight, mine);
            if (other == null) {
                return lead(flight, mine, question, forgottenSince);
            }
            CachedResult result = join(other);
            if (result.position() >= needed && result.askedAt().isAfter(forgottenSince)) {
                hits.increment();
                return result;
            }
        }
    }

    private CachedResult lead(
            Flight flight, CompletableFuture<CachedResult> mine, Question question, Instant forgottenSince) {
        try {
            CachedResult result =
                    findFresh(flight.tenant, question, forgottenSince).orElseGet(() -> ask(flight, question));
            flights.remove(flight, mine);
            mine.complete(result);
            return result;
        } catch (RuntimeException | Error e) {
            flights.remove(flight, mine);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private CachedResult ask(Flight flight, Question question) {
        misses.increment();
        long position = positions.of(flight.tenant);
        Instant askedAt = clock.instant();
        byte[] json = bytes(flight, question);
        boolean open = question.decidingRange().end().isAfter(askedAt);
        CachedResult result = new CachedResult(
                json,
                hash(json),
                position,
                askedAt,
                askedAt.plus(open ? settings.openLifetime() : settings.closedLifetime()));
        cache.put(flight.tenant, flight.key, result);
        return result;
    }

    private byte[] bytes(Flight flight, Question question) {
        try {
            return JSON.writeValueAsBytes(answers.answer(flight.tenant, question));
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer could not be written as JSON", e);
        }
    }

    private long lastTouch(TenantId tenant, Question question) {
        return positions.lastTouch(
                tenant,
                question.decidingRange().start().toEpochMilli(),
                question.decidingRange().end().toEpochMilli());
    }

    private static CachedResult join(CompletableFuture<CachedResult> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TidemarkException known) {
                throw known;
            }
            throw new TidemarkException(ErrorCode.INTERNAL, "something went wrong on this side", e);
        }
    }

    private static String hash(byte[] json) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }

    private record Flight(TenantId tenant, String key) {}
}
