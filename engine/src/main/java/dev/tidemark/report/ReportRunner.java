package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.http.Asking;
import dev.tidemark.query.CohortDirectory;
import dev.tidemark.query.Question;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import dev.tidemark.store.Positions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers reports: every widget at the same time, from the cache where it is right. While the store cannot be asked, widgets
 * show what the cache has of them, marked stale. A widget that fails says so in its place and spoils no other. Blocking;
 * thread-safe.
 */
public final class ReportRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportRunner.class);
    /** Days that are longer than 24 hours, and the rest of a bucket. */
    private static final Duration CLOCK_CHANGES = Duration.ofHours(2);

    private static final int MAX_NAMES = 20_000;
    private static final long MAX_WHOLE_BYTES = 32L << 20;

    private final WidgetAnswers answers;
    private final WidgetResults results;
    private final TenantDirectory directory;
    private final CohortDirectory cohorts;
    private final TimeSource clock;
    private final Forgotten forgotten;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cache<ReportReading, Whole> wholes;
    private final Cache<WidgetReading, String> lastKeys =
            Caffeine.newBuilder().maximumSize(MAX_NAMES).build();
    private final Counter stale;
    private final Duration patience;

    public ReportRunner(
            WidgetAnswers answers,
            ResultCache cache,
            Positions positions,
            TenantDirectory directory,
            CohortDirectory cohorts,
            TimeSource clock,
            CacheSettings settings,
            MeterRegistry meters) {
        this.answers = answers;
        this.patience = settings.patience();
        this.results = new WidgetResults(answers, cache, positions, clock, settings, meters);
        this.directory = directory;
        this.cohorts = cohorts;
        this.clock = clock;
        this.forgotten = new Forgotten(clock);
        this.stale = meters.counter("tidemark.cache.stale");
        this.wholes = Caffeine.newBuilder()
                .maximumWeight(MAX_WHOLE_BYTES)
                .weigher((ReportReading _, Whole whole) -> whole.answer.json().length + 512)
                .build();
    }

    /**
     * Answers a report. Fails with {@code INVALID_FIELD} when an override cannot be read, with {@code FORBIDDEN} when it goes further than
     * the reader may.
     */
    public ReportAnswer run(Report report, Overrides overrides, Reach reach, String correlationId) {
        ReportReading reading = reading(report, overrides, reach);
        Instant now = clock.instant();
        Instant since = forgotten.since(report.tenant(), report.id());
        Whole whole = wholes.getIfPresent(reading);
        if (whole != null && isRight(whole, report.tenant(), now, since)) {
            results.countHits(whole.widgets.size());
            Asking.answeredFromMemory();
            return whole.answer;
        }
        List<WidgetOutcome> outcomes = outcomes(report.widgets(), reading, now, since);
        ReportAnswer answer = AnswerWriter.write(report, reading.controls(), outcomes, now, correlationId);
        remember(reading, answer, outcomes, now);
        return answer;
    }

    /** Answers some widgets of a report, as {@link #run} does all of them. */
    public List<WidgetAnswer> answers(ReportReading reading, List<Widget> widgets, String correlationId) {
        Instant now = clock.instant();
        Instant since = forgotten.since(reading.tenant(), reading.report());
        List<WidgetOutcome> outcomes = outcomes(widgets, reading, now, since);
        List<WidgetAnswer> answers = new ArrayList<>();
        for (int index = 0; index < outcomes.size(); index++) {
            answers.add(WidgetAnswer.of(widgets.get(index), outcomes.get(index), now, correlationId));
        }
        return answers;
    }

    /** What a widget asks at a moment. Fails with {@code INVALID_FIELD} when that cannot be read, or its period is too long. */
    public Question question(ReportReading reading, Widget widget, Instant now) {
        Overrides overrides = reading.overrides();
        Question question =
                readable(overrides, () -> QuestionReader.read(overrides.applied(widget), context(reading, now)));
        String parameter = overrides.rangeParameter();
        Integer most = reading.maxDays();
        if (parameter != null && most != null) {
            Duration length =
                    Duration.between(question.range().start(), question.range().end());
            if (length.compareTo(Duration.ofDays(most).plus(CLOCK_CHANGES)) > 0) {
                throw new TidemarkException(
                        ErrorCode.INVALID_FIELD, "can span at most " + most + " days here", parameter);
            }
        }
        return question;
    }

    /** A range that the reader has named is at fault under the name of its parameter. */
    private static Question readable(Overrides overrides, Supplier<Question> read) {
        try {
            return read.get();
        } catch (TidemarkException e) {
            if (overrides.last() != null
                    && e.field().filter("range.last"::equals).isPresent()) {
                throw new TidemarkException(e.code(), e.detail(), "last");
            }
            throw e;
        }
    }

    /** Only numbers that were computed after this moment are to be shown; {@link Instant#MIN} for any. */
    public Instant forgottenSince(ReportReading reading) {
        return forgotten.since(reading.tenant(), reading.report());
    }

    /** The numbers of a report computed past the cache of answers, each with how it came about. Fails as {@link #run} does. */
    public ObjectNode explain(Report report, Overrides overrides, String correlationId) {
        ReportReading reading = reading(report, overrides, Reach.FREE);
        Instant now = clock.instant();
        return new ReportExplanation(answers)
                .of(report, widget -> question(reading, widget, now), now, overrides, correlationId);
    }

    /** Makes every answer of the tenant be computed anew. */
    public void invalidate(TenantId tenant) {
        forgotten.mark(tenant);
        results.forget(tenant);
    }

    /** Makes every answer of one report be computed anew. */
    public void invalidate(TenantId tenant, ReportId report) {
        forgotten.mark(tenant, report);
        results.forgetParts(tenant);
    }

    @Override
    public void close() {
        threads.close();
    }

    private List<WidgetOutcome> outcomes(List<Widget> widgets, ReportReading reading, Instant now, Instant since) {
        List<@Nullable WidgetOutcome> known = new ArrayList<>();
        List<UnderWay> underWay = new ArrayList<>();
        long deadline = clock.nanos() + patience.toNanos();

        for (Widget widget : widgets) {
            WidgetOutcome ready = null;
            try {
                Question question = question(reading, widget, now);
                Optional<CachedResult> fresh = results.findFresh(reading.tenant(), question, since);
                if (fresh.isPresent()) {
                    ready = new WidgetOutcome.Fresh(question, fresh.get());
                } else {
                    WidgetReading name = new WidgetReading(reading, widget.id());
                    underWay.add(new UnderWay(name, question, threads.submit(() -> ask(name, question, since))));
                }
            } catch (TidemarkException e) {
                if (reading.overrides().areAtFault(e)) {
                    throw e;
                }
                ready = new WidgetOutcome.Failed(e);
            }
            known.add(ready);
        }
        if (underWay.isEmpty()) {
            Asking.answeredFromMemory();
        }
        var next = underWay.iterator();
        return known.stream()
                .map(ready -> ready == null ? join(next.next(), deadline, since) : ready)
                .toList();
    }

    private WidgetOutcome ask(WidgetReading name, Question question, Instant since) {
        TenantId tenant = name.reading.tenant();
        try {
            CachedResult result = results.obtain(tenant, question, since);
            lastKeys.put(name, question.cacheKey());
            return new WidgetOutcome.Fresh(question, result);
        } catch (TidemarkException e) {
            if (e.code() != ErrorCode.ENGINE_UNAVAILABLE && e.code() != ErrorCode.OVERLOADED) {
                return new WidgetOutcome.Failed(e);
            }
            return old(name, question, since).orElseGet(() -> new WidgetOutcome.Failed(e));
        }
    }

    private Optional<WidgetOutcome> old(WidgetReading name, Question question, Instant since) {
        TenantId tenant = name.reading.tenant();
        Optional<WidgetOutcome> old = results.findAny(tenant, question.cacheKey(), since)
                .or(() -> Optional.ofNullable(lastKeys.getIfPresent(name))
                        .flatMap(key -> results.findAny(tenant, key, since)))
                .map(WidgetOutcome.Stale::new);
        old.ifPresent(_ -> stale.increment());
        return old;
    }

    /** Waits for an answer; where the store does not even say that it is there, for a short while only, if there is an old one. */
    private WidgetOutcome join(UnderWay asked, long deadline, Instant since) {
        try {
            try {
                return asked.outcome.get(Math.max(0, deadline - clock.nanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                Optional<WidgetOutcome> old =
                        answers.isResponsive() ? Optional.empty() : old(asked.name, asked.question, since);
                return old.isPresent() ? old.get() : asked.outcome.get();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new WidgetOutcome.Failed(new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping"));
        } catch (ExecutionException e) {
            LOG.atError().setCause(e.getCause()).log("a widget failed");
            return new WidgetOutcome.Failed(
                    new TidemarkException(ErrorCode.INTERNAL, "something went wrong on this side"));
        }
    }

    /** What the answers of a report depend on now, for a reader. Fails with {@code FORBIDDEN} when the overrides are not the reader's to choose. */
    public ReportReading reading(Report report, Overrides overrides, Reach reach) {
        reach.require(overrides, report);
        TenantSettings settings = directory.settings(report.tenant());
        return new ReportReading(
                report.tenant(),
                report.id(),
                report.version(),
                overrides,
                reach.sharedBy(overrides),
                reach.controls(report),
                settings.zone(),
                settings.weekStart(),
                cohorts.of(report.tenant()).revision());
    }

    private QuestionContext context(ReportReading reading, Instant now) {
        return new QuestionContext(
                now,
                reading.zone(),
                reading.weekStart(),
                reading.overrides().startTime(),
                reading.overrides().endTime(),
                reading.overrides().interval(),
                reading.reach().lockedFilter(),
                reading.overrides().picks() == null
                        ? null
                        : reading.overrides().picks().filter(),
                cohorts.of(reading.tenant()));
    }

    private void remember(ReportReading reading, ReportAnswer answer, List<WidgetOutcome> outcomes, Instant now) {
        List<WidgetOutcome.Fresh> fresh = new ArrayList<>();
        Instant until = now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        for (WidgetOutcome outcome : outcomes) {
            if (!(outcome instanceof WidgetOutcome.Fresh each)) {
                return;
            }
            fresh.add(each);
            Instant end = each.question().range().end();
            until = end.isAfter(now) && end.isBefore(until) ? end : until;
            Instant resolved = each.question().resolvedUntil();
            until = resolved != null && resolved.isBefore(until) ? resolved : until;
        }
        wholes.put(reading, new Whole(answer, fresh, until));
    }

    private boolean isRight(Whole whole, TenantId tenant, Instant now, Instant since) {
        return now.isBefore(whole.until)
                && whole.widgets.stream()
                        .allMatch(each -> results.isFresh(tenant, each.question(), each.result(), since));
    }

    /** A widget whose answer is being computed. */
    private record UnderWay(WidgetReading name, Question question, Future<WidgetOutcome> outcome) {}

    private record WidgetReading(ReportReading reading, String widgetId) {}

    /** An answer as it was sent; right until the next minute, in which buckets may be completed, while its widgets are fresh. */
    private record Whole(ReportAnswer answer, List<WidgetOutcome.Fresh> widgets, Instant until) {}
}
