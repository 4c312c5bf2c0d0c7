package dev.tidemark.collect;

import dev.tidemark.account.Credential;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.account.quota.FairShare;
import dev.tidemark.base.Alerts;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Exceeded;
import dev.tidemark.base.Lane;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import dev.tidemark.http.Reply;
import dev.tidemark.journal.Journal;
import dev.tidemark.journal.Partitioner;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The collect stage: takes a request apart, decides about each event, and answers once what is to be kept is durable. Small
 * requests whose parts are all in memory are decided on the calling event loop; everything else on virtual threads, as many at a
 * time as there are processors, for which tenants take turns. Thread-safe.
 */
public final class Collector implements AutoCloseable {
    private static final int MAX_WAITING = 4_096;
    /** Of those, of one tenant. */
    private static final int MAX_WAITING_OF_TENANT = 1_024;

    /** No tenant is called so. */
    private final Decider decider;

    private final Resubmitter resubmitter;
    private final DeadLetterAlarm alarm;
    private final EventAllowance allowance;
    private final FairShare fairShare;
    private final Gatekeeper gatekeeper;
    private final Journal journal;
    private final Partitioner partitioner;
    private final Pace pace;
    private final List<Shares> sharesOf;
    private final TimeSource time;
    private final RecentRefusals refusals;
    private final InFlight inFlight;
    private final CollectMeters meters;
    private final GeoDatabase geo;
    private final CollectConfig config;
    private final ExecutorService elsewhere = Executors.newVirtualThreadPerTaskExecutor();
    private final Lane<InFlight.Owner> processors;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();

    /** With nobody who is told of many dead letters, and no tenant that leaves room for others. */
    public Collector(
            CollectConfig config,
            TenantDirectory tenants,
            EventAllowance allowance,
            Journal journal,
            KnownIds knownIds,
            Pace pace,
            TimeSource time,
            RandomGenerator random,
            MeterRegistry registry) {
        this(
                config,
                tenants,
                allowance,
                FairShare.UNBOUNDED,
                journal,
                knownIds,
                pace,
                time,
                random,
                registry,
                Alerts.NONE);
    }

    /** Fails with {@code INVALID_CONFIGURATION} when the geo database cannot be read. The generator must be thread-safe. */
    public Collector(
            CollectConfig config,
            TenantDirectory tenants,
            EventAllowance allowance,
            FairShare fairShare,
            Journal journal,
            KnownIds knownIds,
            Pace pace,
            TimeSource time,
            RandomGenerator random,
            MeterRegistry registry,
            Alerts alerts) {
        this.config = config;
        this.journal = journal;
        this.pace = pace;
        this.time = time;
        this.partitioner = new Partitioner(journal.partitions());
        this.sharesOf = Stream.generate(() -> new Shares(time))
                .limit(journal.partitions())
                .toList();
        this.refusals = new RecentRefusals(time);
        this.inFlight = new InFlight(config.maxInFlight().bytes(), Limits.REQUEST_BYTES);
        this.meters = new CollectMeters(registry, inFlight);
        this.gatekeeper = new Gatekeeper(tenants, allowance, time);
        int cores = Runtime.getRuntime().availableProcessors();
        this.processors = new Lane<>(
                cores, Lane.shareOf(cores), MAX_WAITING_OF_TENANT, "too many requests of this tenant are being read");
        this.geo = GeoDatabase.open(config.geoDatabase());
        UuidV7 ids = new UuidV7(time, random);
        UserAgents userAgents = new UserAgents();
        Masking masking = new Masking(config.maskingKey());
        Pipeline pipeline = new Pipeline(tenants, new Schemas(registry), userAgents, geo, ids);
        this.allowance = allowance;
        this.fairShare = fairShare;
        this.alarm = new DeadLetterAlarm(tenants, alerts, time);
        this.resubmitter = new Resubmitter(pipeline, tenants, masking, knownIds, time);
        this.decider = new Decider(
                gatekeeper, tenants, userAgents, pipeline, new DeadLetterReader(ids), masking, knownIds, time, meters);
    }

    CollectConfig config() {
        return config;
    }

    /** What a request of a tenant holds; null for one that is not known yet. */
    InFlight.Hold hold(@Nullable TenantId tenant) {
        return inFlight.open(tenant == null ? InFlight.Owner.NOBODY : new InFlight.Owner(tenant));
    }

    /** Lets a request of a tenant in, or says when to ask again. */
    FairShare.Entry enter(TenantId tenant) {
        return fairShare.enter(tenant);
    }

    /** Why a request with a body like this is refused without being read. */
    Optional<TidemarkException> refusal(TenantId tenant, long bytes, String encoding) {
        return refusals.of(tenant, bytes, encoding);
    }

    /** What a tenant is told whose request does not come in. */
    TidemarkException overFairShare(FairShare.Entry.Wait wait) {
        return new TidemarkException(
                ErrorCode.OVER_FAIR_SHARE,
                "the server is busy and the tenant sends more than its share: send it again a little later",
                new Exceeded(
                        "fair_share",
                        wait.eventsPerSecond(),
                        time.instant().plus(wait.delay()),
                        wait.delay(),
                        Map.of()));
    }

    /** Counts a request that is told to wait for its turn before it is read; false when too many do already. */
    boolean hold() {
        if (held.incrementAndGet() > MAX_WAITING) {
            held.decrementAndGet();
            return false;
        }
        meters.held();
        return true;
    }

    /** One of those waits no longer. */
    void release() {
        held.decrementAndGet();
    }

    Optional<Credential> find(String key) {
        return gatekeeper.find(key);
    }

    /**
     * Counts a request that was refused before or instead of being collected.
     *
     * @param tenant null where it is not known
     * @param bytes of its body as sent
     * @param encoding of its body, empty for none
     */
    void refused(@Nullable TenantId tenant, long bytes, String encoding, Throwable failure) {
        if (tenant != null && failure instanceof TidemarkException known) {
            refusals.note(tenant, bytes, encoding, known);
        }
        meters.refused(failure instanceof TidemarkException known ? known.code().wireName() : "internal");
    }

    /**
     * Collects the events of a request. To be called on an event loop, which it does not block.
     *
     * @param turn that the request came in with; null where only its body says whose it is, and it is asked for then
     * @return completes once everything that will be acknowledged is durable, with what makes the answer; or with the failure.
     *     On any thread, one of the journal's maybe, so the answer is to be made elsewhere.
     */
    CompletableFuture<Supplier<Reply>> collect(
            Submission submission, InFlight.Hold hold, FairShare.@Nullable Turn turn) {
        long began = time.nanos();
        CompletableFuture<Decided> decided;
        try {
            Optional<Decided> atOnce = decider.decide(submission, hold, false);
            decided = atOnce.map(CompletableFuture::completedFuture).orElseGet(() -> decideElsewhere(submission, hold));
        } catch (RejectedExecutionException _) {
            decided = CompletableFuture.failedFuture(
                    new TidemarkException(ErrorCode.SHUTTING_DOWN, "the server is stopping"));
        } catch (RuntimeException e) {
            decided = CompletableFuture.failedFuture(e);
        }
        return decided.whenComplete((known, _) -> {
                    if (turn != null) {
                        turn.took(known == null ? 0 : known.verdicts().size());
                    }
                })
                .thenCompose(known -> {
                    if (turn == null) {
                        turnOf(known).took(known.verdicts().size());
                    }
                    return append(known);
                })
                .thenApply(done -> () -> {
                    count(done);
                    meters.acknowledged(time.nanos() - began);
                    return withWhatIsLeft(
                            Answers.of(done, submission), done.reservation().headers());
                });
    }

    private FairShare.Turn turnOf(Decided decided) {
        return switch (fairShare.enter(decided.tenant())) {
            case FairShare.Entry.In in -> in.turn();
            case FairShare.Entry.Wait wait -> {
                decided.reservation().cancel();
                throw overFairShare(wait);
            }
        };
    }

    private static Reply withWhatIsLeft(Reply reply, Map<String, String> headers) {
        Reply extended = reply;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            extended = extended.withHeader(header.getKey(), header.getValue());
        }
        return extended;
    }

    /**
     * Sends dead letters of a tenant through the pipeline again, and what is an event now to the journal, on disk. The same letters
     * may be sent any number of times. Blocks; fails, having kept nothing, like the journal does, or the store when it cannot be asked
     * which of them it holds; and with {@code RATE_LIMITED} or {@code QUOTA_EXCEEDED} where the tenant may not send them now.
     *
     * @return what became of each, in order
     */
    public List<Resubmitted> resubmit(TenantId tenant, List<Resubmission> letters) {
        List<Verdict> verdicts = resubmitter.decide(tenant, letters);
        List<Verdict> accepted =
                verdicts.stream().filter(Verdict.Accepted.class::isInstance).toList();
        Decided decided = decider.encoded(tenant, true, accepted).with(allowance.reserve(tenant, accepted.size()));
        if (!decided.entries().isEmpty()) {
            try {
                Object _ = journal.append(partitioner.of(tenant), decided.entries())
                        .join();
            } catch (CompletionException failure) {
                decided.reservation().cancel();
                throw failure.getCause() instanceof TidemarkException known
                        ? known
                        : new TidemarkException(ErrorCode.STORAGE_FAILED, "the journal did not answer", failure);
            }
            count(decided);
        }
        return verdicts.stream().map(Collector::outcome).toList();
    }

    /** The forms in which a user id may be kept: as it is, and as the tenant's masking leaves it. */
    public Set<String> keptForms(TenantId tenant, String userId) {
        Set<String> forms = new LinkedHashSet<>(List.of(userId));
        String masked = decider.masking(tenant).text("user_id", userId);
        if (masked != null) {
            forms.add(masked);
        }
        return forms;
    }

    /** Clears the alerts of those among all tenants that have few dead letters again. */
    public void lookAtAlerts(List<TenantId> all) {
        alarm.look(all);
    }

    private static Resubmitted outcome(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted _ -> new Resubmitted.Accepted();
            case Verdict.Duplicate _ -> new Resubmitted.Known();
            case Verdict.Dropped _ -> new Resubmitted.Dropped();
            case Verdict.Rejected rejected ->
                new Resubmitted.Refused(rejected.reason().wireName(), rejected.field(), rejected.message());
            case Verdict.DeadLettered dead ->
                new Resubmitted.Refused(
                        dead.deadLetter().reason(),
                        dead.deadLetter().field(),
                        dead.deadLetter().message());
        };
    }

    private CompletableFuture<Decided> decideElsewhere(Submission submission, InFlight.Hold hold) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            throw new TidemarkException(ErrorCode.OVERLOADED, "too many requests are being read");
        }
        CompletableFuture<Void> turn;
        try {
            turn = processors.enter(hold.owner());
        } catch (TidemarkException full) {
            waiting.decrementAndGet();
            throw full;
        }
        return turn.thenApplyAsync(
                        _ -> decider.decide(submission, hold, true)
                                .orElseThrow(() -> new TidemarkException(ErrorCode.INTERNAL, "nothing was decided")),
                        elsewhere)
                .whenComplete((_, _) -> {
                    processors.leave(hold.owner());
                    waiting.decrementAndGet();
                });
    }

    private CompletableFuture<Decided> append(Decided decided) {
        if (decided.entries().isEmpty()) {
            return CompletableFuture.completedFuture(decided);
        }
        int partition = partitioner.of(decided.tenant());
        Shares shares = sharesOf.get(partition);
        shares.add(decided.tenant(), decided.entries().size());
        return journal.append(partition, decided.entries())
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        decided.reservation().cancel();
                    }
                })
                .thenCompose(_ -> held(decided, shares.hasFull(decided.tenant()) ? pace.delayMillis(partition) : 0));
    }

    private static CompletableFuture<Decided> held(Decided decided, long delayMillis) {
        return delayMillis <= 0
                ? CompletableFuture.completedFuture(decided)
                : new CompletableFuture<Decided>().completeOnTimeout(decided, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void count(Decided decided) {
        int accepted = 0;
        int dead = 0;
        for (Verdict verdict : decided.verdicts()) {
            switch (verdict) {
                case Verdict.Accepted _ -> accepted++;
                case Verdict.DeadLettered letter -> {
                    dead++;
                    meters.deadLettered(letter.deadLetter().reason());
                }
                case Verdict.Dropped _ -> meters.dropped();
                case Verdict.Rejected rejected -> meters.rejected(rejected.reason());
                case Verdict.Duplicate _ -> meters.duplicates(1);
            }
        }
        meters.accepted(accepted);
        if (dead > 0) {
            alarm.noted(decided.tenant(), dead);
        }
    }

    /** Waits for requests that are being read, then frees what the stage holds. The journal stays open. */
    @Override
    public void close() {
        elsewhere.close();
        geo.close();
    }
}
