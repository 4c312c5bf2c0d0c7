package dev.tidemark.collect;

import dev.tidemark.account.TenantDirectory;
import dev.tidemark.account.TenantSettings;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TenantId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides about dead letters once more, as if they came now, but for two things: the sender's clock is corrected by the moment at
 * which they came first, and what a rule had hashed is not hashed again. Thread-safe.
 */
final class Resubmitter {
    private static final Pattern HASHED = Pattern.compile("\\b[0-9a-f]{32}\\b");
    private static final long EVER = Instant.parse("2106-01-01T00:00:00Z").toEpochMilli();

    private final Pipeline pipeline;
    private final TenantDirectory tenants;
    private final Masking masking;
    private final KnownIds knownIds;
    private final TimeSource time;

    Resubmitter(Pipeline pipeline, TenantDirectory tenants, Masking masking, KnownIds knownIds, TimeSource time) {
        this.pipeline = pipeline;
        this.tenants = tenants;
        this.masking = masking;
        this.knownIds = knownIds;
        this.time = time;
    }

    /** A verdict for each, in order; a second letter of an id is a duplicate of the first. */
    List<Verdict> decide(TenantId tenant, List<Resubmission> letters) {
        TenantSettings settings = tenants.settings(tenant);
        Set<String> hashed = new HashSet<>();
        letters.forEach(letter -> collectHashes(letter.kept(), hashed));
        MaskingRules rules = masking.again(tenant, settings.masking(), hashed);
        Set<EventId> known = new HashSet<>(knownIds.known(
                tenant, 0, EVER, letters.stream().map(Resubmission::id).toList()));
        long now = time.millis();
        return letters.stream()
                .map(letter -> {
                    if (known.contains(letter.id())) {
                        return new Verdict.Duplicate(letter.id());
                    }
                    Verdict verdict = decide(letter, intake(tenant, settings, rules, letter, now));
                    if (verdict instanceof Verdict.Accepted) {
                        known.add(letter.id());
                    }
                    return verdict;
                })
                .toList();
    }

    private Verdict decide(Resubmission letter, Intake intake) {
        try {
            ReadBody body = BodyReader.read(letter.payload().getBytes(StandardCharsets.UTF_8), intake.format(), false);
            if (body.batch() || body.events().size() != 1) {
                return new Verdict.Rejected(RejectReason.NOT_AN_OBJECT, "", "must be one event");
            }
            RawEvent event = body.events().getFirst();
            event.eventId = letter.id().value();
            return pipeline.decide(event, intake);
        } catch (TidemarkException failure) {
            return new Verdict.Rejected(
                    RejectReason.MALFORMED_JSON, failure.field().orElse(""), failure.detail());
        }
    }

    private static Intake intake(
            TenantId tenant, TenantSettings settings, MaskingRules rules, Resubmission letter, long now) {
        return new Intake(
                tenant,
                settings,
                rules,
                now,
                letter.receivedAtMillis(),
                RawEvent.ABSENT,
                letter.corrected() != null,
                null,
                null,
                null,
                letter.format(),
                letter.source(),
                letter.keyId());
    }

    private static void collectHashes(String payload, Set<String> hashed) {
        Matcher matcher = HASHED.matcher(payload);
        while (matcher.find()) {
            hashed.add(matcher.group());
        }
    }
}
