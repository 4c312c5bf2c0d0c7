package dev.tidemark.collect;

import dev.tidemark.account.Credential;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.account.quota.EventAllowance;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import dev.tidemark.journal.EntryWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a request into decisions and journal entries: inflate, read, admit, decide each event, encode. Thread-safe. */
final class Decider {
    /** Bodies above are not read on event loops: 64 KiB take about half a millisecond. */
    private static final int EVENT_LOOP_BYTES = 64 << 10;

    private final Gatekeeper gatekeeper;
    private final TenantDirectory tenants;
    private final UserAgents userAgents;
    private final Pipeline pipeline;
    private final DeadLetterReader deadLetters;
    private final Masking masking;
    private final KnownIds knownIds;
    private final TimeSource time;
    private final CollectMeters meters;

    Decider(
            Gatekeeper gatekeeper,
            TenantDirectory tenants,
            UserAgents userAgents,
            Pipeline pipeline,
            DeadLetterReader deadLetters,
            Masking masking,
            KnownIds knownIds,
            TimeSource time,
            CollectMeters meters) {
        this.gatekeeper = gatekeeper;
        this.tenants = tenants;
        this.userAgents = userAgents;
        this.pipeline = pipeline;
        this.deadLetters = deadLetters;
        this.masking = masking;
        this.knownIds = knownIds;
        this.time = time;
        this.meters = meters;
    }

    /**
     * Decides a request.
     *
     * @param mayTakeLong whether the calling thread may be kept
     * @return empty, with nothing done, when it would take long and may not
     */
    Optional<Decided> decide(Submission submission, InFlight.Hold hold, boolean mayTakeLong) {
        Inflation.Encoding encoding = Inflation.Encoding.of(submission.contentEncoding());
        boolean alwaysLong = submission.reportDuplicates() || submission.kind() == Submission.Kind.DEAD_LETTERS;
        if (!mayTakeLong
                && (alwaysLong
                        || submission.body().length > EVENT_LOOP_BYTES
                        || encoding != Inflation.Encoding.IDENTITY)) {
            return Optional.empty();
        }
        byte[] body = inflated(submission, encoding, hold);
        if (submission.kind() == Submission.Kind.DEAD_LETTERS) {
            Credential credential = gatekeeper.admit(submission, null);
            meters.body(encoding);
            return Optional.of(deposited(body, intake(submission, credential, RawEvent.ABSENT, null)));
        }
        ReadBody read = BodyReader.read(body, submission.format(), submission.isLines());
        Credential credential = gatekeeper.admit(submission, read.key());
        Intake intake = intake(submission, credential, read.sentAt(), read.key());
        if (!mayTakeLong && takesLong(read, intake)) {
            return Optional.empty();
        }
        EventAllowance.Reservation reservation =
                gatekeeper.spend(credential, read.events().size());
        try {
            meters.body(encoding);
            return Optional.of(
                    decided(read, intake, submission.reportDuplicates()).with(reservation));
        } catch (RuntimeException | Error failure) {
            reservation.cancel();
            throw failure;
        }
    }

    private static byte[] inflated(Submission submission, Inflation.Encoding encoding, InFlight.Hold hold) {
        byte[] body = Inflation.inflate(submission.body(), encoding);
        if (encoding != Inflation.Encoding.IDENTITY && !hold.grow(body.length)) {
            throw new TidemarkException(ErrorCode.OVERLOADED, "too many bytes of requests are being read");
        }
        return body;
    }

    private Intake intake(Submission submission, Credential credential, long sentAt, @Nullable String bodyKey) {
        boolean trusted = credential instanceof Credential.SecretKey;
        TenantId tenant = credential.tenant();
        TenantSettings settings = tenants.settings(tenant);
        long now = time.millis();
        return new Intake(
                tenant,
                settings,
                masking.of(tenant, settings.masking()),
                now,
                now,
                sentAt,
                trusted,
                trusted ? null : submission.address(),
                trusted ? null : submission.userAgent(),
                submission.presentedKey() == null ? bodyKey : null,
                submission.format(),
                submission.format().source(),
                keyId(credential));
    }

    private static @Nullable String keyId(Credential credential) {
        return switch (credential) {
            case Credential.WriteKey write -> write.keyId();
            case Credential.SecretKey secret -> secret.keyId();
            case Credential.Member _, Credential.Bearer _, Credential.EmbedToken _ -> null;
        };
    }

    MaskingRules masking(TenantId tenant) {
        return masking.of(tenant, tenants.settings(tenant).masking());
    }

    private boolean takesLong(ReadBody read, Intake intake) {
        if (intake.userAgent() != null && userAgents.cached(intake.userAgent()) == null) {
            return true;
        }
        for (RawEvent event : read.events()) {
            String agent = event.context(RawContext.USER_AGENT);
            if (agent != null && userAgents.cached(agent) == null) {
                return true;
            }
            if (event.type != null
                    && tenants.schema(intake.tenant(), event.type)
                            .filter(schema -> schema.mode() != EventSchema.Mode.OFF)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Decided decided(ReadBody read, Intake intake, boolean reportDuplicates) {
        List<Verdict> verdicts = new ArrayList<>(read.events().size());
        int ignored = 0;
        for (RawEvent event : read.events()) {
            verdicts.add(pipeline.decide(event, intake));
            ignored += event.ignored;
        }
        meters.ignored(ignored);
        if (reportDuplicates) {
            markDuplicates(verdicts, intake.tenant());
        }
        return encoded(intake.tenant(), read.batch(), verdicts);
    }

    private Decided deposited(byte[] body, Intake intake) {
        return encoded(intake.tenant(), true, deadLetters.read(body, intake));
    }

    Decided encoded(TenantId tenant, boolean batch, List<Verdict> verdicts) {
        List<byte[]> entries = new ArrayList<>(verdicts.size());
        EntryWriter writer = new EntryWriter();
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Verdict.Accepted accepted -> entries.add(writer.write(accepted.event()));
                case Verdict.DeadLettered dead -> entries.add(writer.write(dead.deadLetter()));
                case Verdict.Rejected _, Verdict.Duplicate _, Verdict.Dropped _ -> {}
            }
        }
        return new Decided(tenant, batch, verdicts, entries, EventAllowance.Reservation.NONE);
    }

    /** A known id, or the second of its kind in the request. */
    private void markDuplicates(List<Verdict> verdicts, TenantId tenant) {
        List<EventId> given = verdicts.stream()
                .map(Decider::givenId)
                .flatMap(Optional::stream)
                .toList();
        LongSummaryStatistics times = verdicts.stream()
                .filter(Verdict.Accepted.class::isInstance)
                .mapToLong(verdict -> ((Verdict.Accepted) verdict).event().timestampMillis())
                .summaryStatistics();
        Set<EventId> seen = times.getCount() == 0
                ? new HashSet<>()
                : new HashSet<>(knownIds.known(tenant, times.getMin(), times.getMax(), given));
        verdicts.replaceAll(verdict -> {
            Optional<EventId> id = givenId(verdict);
            return id.isPresent() && !seen.add(id.get()) ? new Verdict.Duplicate(id.get()) : verdict;
        });
    }

    private static Optional<EventId> givenId(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted accepted ->
                accepted.event().idAssigned()
                        ? Optional.empty()
                        : Optional.of(accepted.event().id());
            case Verdict.DeadLettered dead ->
                dead.deadLetter().idAssigned()
                        ? Optional.empty()
                        : Optional.of(dead.deadLetter().id());
            case Verdict.Rejected _, Verdict.Duplicate _, Verdict.Dropped _ -> Optional.empty();
        };
    }
}
