package dev.tidemark.govern;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.MetadataDatabase;
import dev.tidemark.account.Permission;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Rounds;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.base.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the jobs of all tenants, one step at a time and in turns, each on from where it was when the server ended. A step that fails
 * for a while is tried again, later each time. Thread-safe.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final long DAY_MILLIS = 86_400_000;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int MAX_UNFINISHED = 1_000;

    private final JobStore store;
    private final Map<String, JobWork> works = new HashMap<>();
    private final TimeSource time;
    private final UuidV7 ids;
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final Rounds rounds;
    private volatile boolean closed;
    private boolean unsettled = true;
    private Runnable daily = () -> {};
    private long day;

    private record Pause(int failures, long untilMillis) {}

    public Jobs(MetadataDatabase database, TimeSource time, UuidV7 ids) {
        this.store = new JobStore(database);
        this.time = time;
        this.ids = ids;
        this.rounds = new Rounds("jobs", this::round, LOOK, time);
    }

    /** Names the work of a kind of job; before the start. */
    void does(JobWork work) {
        works.put(work.kind(), work);
    }

    /** Goes on with what the last run left, and does what comes. Once. */
    public void start() {
        rounds.start();
    }

    /** Names what is to be done when a day of UTC is over; before the start. */
    public void daily(Runnable what) {
        daily = what;
    }

    Job submit(TenantId tenant, String kind, ObjectNode request) {
        if (store.unfinished().stream()
                        .filter(job -> job.tenant().equals(tenant))
                        .count()
                >= MAX_UNFINISHED) {
            throw new TidemarkException(
                    ErrorCode.TOO_MANY_REQUESTS, MAX_UNFINISHED + " jobs are waiting already; ask again later");
        }
        Instant now = Instant.ofEpochMilli(time.millis());
        Job job = new Job(
                ids.next().toString(),
                tenant,
                kind,
                Job.State.WAITING,
                request,
                JsonNodeFactory.instance.objectNode(),
                null,
                now,
                now);
        store.add(job);
        rounds.wake();
        return job;
    }

    /** The job, where it is of a kind that the permissions let see. */
    Optional<Job> find(TenantId tenant, String id, Set<Permission> permissions) {
        return store.find(tenant, id).filter(job -> shown(job, permissions));
    }

    /** The newest of a kind; empty when there was none. */
    Optional<Job> last(TenantId tenant, String kind) {
        return store.last(tenant, kind);
    }

    /** The newest, those among them that are of kinds that the permissions let see. */
    List<Job> list(TenantId tenant, int limit, Set<Permission> permissions) {
        return store.list(tenant, limit).stream()
                .filter(job -> shown(job, permissions))
                .toList();
    }

    private boolean shown(Job job, Set<Permission> permissions) {
        JobWork work = works.get(job.kind());
        return work != null && permissions.contains(work.seenWith());
    }

    /** Takes a step with every job that can go on; tells whether there was any. */
    boolean round() {
        long today = Math.floorDiv(time.millis(), DAY_MILLIS);
        if (today != day) {
            day = today;
            daily.run();
        }
        boolean any = false;
        if (unsettled) {
            // True at first too: the last run may have ended between the end of a job and this.
            unsettled = !store.settle();
        }
        for (Job job : store.unfinished()) {
            Pause pause = pauses.get(job.id());
            if (!closed && (pause == null || pause.untilMillis <= time.millis())) {
                any = true;
                step(job);
            }
        }
        return any;
    }

    private void step(Job job) {
        JobWork work = works.get(job.kind());
        if (work == null) {
            end(job, Job.State.FAILED, job.request(), job.progress(), "this version does not know such jobs");
            return;
        }
        try {
            switch (work.advance(job)) {
                case JobWork.Advance.Further(ObjectNode progress) -> {
                    pauses.remove(job.id());
                    store.replace(changed(job, Job.State.RUNNING, job.request(), progress, null));
                }
                case JobWork.Advance.Later(ObjectNode progress, Duration pause, String why) -> {
                    pauses.put(job.id(), new Pause(0, time.millis() + pause.toMillis()));
                    store.replace(changed(job, Job.State.RUNNING, job.request(), progress, why));
                }
                case JobWork.Advance.Done(ObjectNode request, ObjectNode result) ->
                    end(job, Job.State.DONE, request, result, null);
            }
        } catch (TidemarkException failure) {
            failed(job, failure, failure.code().retryable());
        } catch (RuntimeException failure) {
            failed(job, failure, true);
        }
    }

    private void failed(Job job, RuntimeException failure, boolean retryable) {
        String why = failure instanceof TidemarkException known ? known.detail() : "something went wrong on this side";
        LOG.atWarn()
                .setCause(failure)
                .addKeyValue("job", job.id())
                .addKeyValue("kind", job.kind())
                .log("a step of a job failed");
        if (!retryable) {
            end(job, Job.State.FAILED, job.request(), job.progress(), why);
            return;
        }
        Pause before = pauses.get(job.id());
        int failures = before == null ? 1 : before.failures + 1;
        long pause = Math.min(LONGEST_PAUSE.toMillis(), 1_000L << Math.min(failures, 16));
        pauses.put(job.id(), new Pause(failures, time.millis() + pause));
        store.replace(changed(job, Job.State.RUNNING, job.request(), job.progress(), why));
    }

    private void end(Job job, Job.State state, ObjectNode request, ObjectNode result, @Nullable String problem) {
        pauses.remove(job.id());
        store.replace(changed(job, state, request, result, problem));
        unsettled = true;
        LOG.atInfo()
                .addKeyValue("job", job.id())
                .addKeyValue("tenant", job.tenant())
                .addKeyValue("kind", job.kind())
                .addKeyValue("state", state.wireName())
                .log("a job has ended");
    }

    private Job changed(Job job, Job.State state, ObjectNode request, ObjectNode progress, @Nullable String problem) {
        return new Job(
                job.id(), job.tenant(), job.kind(), state, request, progress, problem, job.createdAt(), time.instant());
    }

    /** Waits for the step under way. */
    @Override
    public void close() {
        closed = true;
        rounds.close();
    }
}
