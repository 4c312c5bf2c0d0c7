package dev.tidemark.collect;

import dev.tidemark.account.ConsentRule;
import dev.tidemark.account.EventSchema;
import dev.tidemark.account.TenantDirectory;
import dev.tidemark.base.ContextField;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one event at a time, in memory, in the order of {@link #steps}: each step either adds to the draft or ends it with
 * a verdict. Masking comes before everything that keeps or derives something. Thread-safe.
 */
final class Pipeline {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long ALLOWED_AHEAD_MILLIS = MILLIS_PER_DAY;
    private static final long EARLIEST = 0;
    /** The store's dates end early in 2106. */
    private static final long LATEST = Instant.parse("2106-01-01T00:00:00Z").toEpochMilli() - 1;

    private final List<Step> steps = List.of(
            this::size,
            this::shape,
            this::key,
            this::type,
            this::id,
            this::consent,
            this::masked,
            this::clock,
            this::window,
            this::schema,
            this::page,
            this::device,
            this::place,
            this::retention);

    private final TenantDirectory tenants;
    private final Schemas schemas;
    private final UserAgents userAgents;
    private final GeoDatabase geo;
    private final UuidV7 ids;

    Pipeline(TenantDirectory tenants, Schemas schemas, UserAgents userAgents, GeoDatabase geo, UuidV7 ids) {
        this.tenants = tenants;
        this.schemas = schemas;
        this.userAgents = userAgents;
        this.geo = geo;
        this.ids = ids;
    }

    Verdict decide(RawEvent raw, Intake intake) {
        Draft draft = new Draft(raw, intake);
        for (Step step : steps) {
            Verdict verdict = step.take(draft);
            if (verdict != null) {
                return verdict;
            }
        }
        return new Verdict.Accepted(draft.event());
    }

    @FunctionalInterface
    private interface Step {
        @Nullable
        Verdict take(Draft draft);
    }

    private @Nullable Verdict size(Draft draft) {
        return draft.raw.bytes() > Limits.EVENT_BYTES
                ? new Verdict.Rejected(
                        RejectReason.EVENT_TOO_LARGE, "", "an event must have at most " + Limits.EVENT_BYTES + " bytes")
                : null;
    }

    private @Nullable Verdict shape(Draft draft) {
        Fault fault = draft.raw.fault();
        return fault == null ? null : Verdict.Rejected.of(fault);
    }

    private @Nullable Verdict key(Draft draft) {
        String required = draft.intake.key();
        return required != null && draft.raw.key != null && !required.equals(draft.raw.key)
                ? new Verdict.Rejected(
                        RejectReason.KEY_MISMATCH, "write_key", "all events of a request must carry the same key")
                : null;
    }

    private @Nullable Verdict type(Draft draft) {
        String type = draft.raw.type;
        String field = draft.intake.format().typeField();
        if (type == null || type.isBlank()) {
            return new Verdict.Rejected(RejectReason.EVENT_TYPE_MISSING, field, "an event needs a type");
        }
        if (type.length() > Limits.EVENT_TYPE_CHARS) {
            return new Verdict.Rejected(
                    RejectReason.EVENT_TYPE_TOO_LONG,
                    field,
                    "an event type must have at most " + Limits.EVENT_TYPE_CHARS + " characters");
        }
        draft.type = type;
        return null;
    }

    private @Nullable Verdict id(Draft draft) {
        String given = draft.raw.eventId;
        if (given == null) {
            draft.id = new EventId(ids.at(draft.intake.receivedAt()).toString());
            draft.idAssigned = true;
        } else if (given.isBlank()) {
            return new Verdict.Rejected(
                    RejectReason.INVALID_ID,
                    "event_id",
                    "must have 1 to " + EventId.MAX_LENGTH + " characters, or be absent");
        } else {
            draft.id = new EventId(given);
        }
        draft.userId = person(draft.raw.userId);
        draft.anonymousId = person(draft.raw.anonymousId);
        draft.sessionId = person(draft.raw.sessionId);
        return null;
    }

    private static @Nullable String person(@Nullable String id) {
        return id == null || Members.isJunk(id) ? null : id;
    }

    /** Before anything is made of it: what is about a person who did not agree, is not even looked at. */
    private @Nullable Verdict consent(Draft draft) {
        ConsentRule rule = draft.intake.settings().governance().consent();
        if (rule.mode() == ConsentRule.Mode.IGNORE || !draft.raw.deniesConsent(rule.category())) {
            return null;
        }
        boolean onlyOfThePerson = draft.raw.setsTraits || draft.type.equals("alias");
        if (rule.mode() == ConsentRule.Mode.DROP || onlyOfThePerson) {
            return new Verdict.Dropped(draft.id);
        }
        draft.anonymous = true;
        draft.userId = null;
        draft.anonymousId = null;
        draft.sessionId = null;
        return null;
    }

    private @Nullable Verdict masked(Draft draft) {
        new MaskedDraft(draft).fill();
        return null;
    }

    private @Nullable Verdict clock(Draft draft) {
        long received = draft.intake.clockAt();
        long claimed = draft.raw.timestamp;
        long sent = draft.raw.sentAt == RawEvent.ABSENT ? draft.intake.sentAt() : draft.raw.sentAt;
        if (claimed == RawEvent.ABSENT) {
            draft.timestamp = received;
        } else if (sent == RawEvent.ABSENT) {
            draft.timestamp = claimed;
        } else {
            draft.timestamp = received - (sent - claimed);
        }
        return null;
    }

    private @Nullable Verdict window(Draft draft) {
        long received = draft.intake.receivedAt();
        if (draft.timestamp < EARLIEST || draft.timestamp > LATEST) {
            return new Verdict.Rejected(
                    RejectReason.TIMESTAMP_OUT_OF_RANGE, "timestamp", "must lie between 1970-01-01 and 2105-12-31");
        }
        if (draft.timestamp > received + ALLOWED_AHEAD_MILLIS) {
            return dead(
                    draft,
                    DeadLetterReason.TIMESTAMP_IN_FUTURE,
                    "timestamp",
                    "the event lies more than 24 hours after its receipt");
        }
        Integer days = draft.intake.retentionDays(draft.type);
        return days != null && draft.timestamp < received - days * MILLIS_PER_DAY
                ? dead(
                        draft,
                        DeadLetterReason.OLDER_THAN_RETENTION,
                        "timestamp",
                        "the event is older than the " + days + " days that events are kept")
                : null;
    }

    private @Nullable Verdict schema(Draft draft) {
        Optional<EventSchema> schema = tenants.schema(draft.intake.tenant(), draft.type);
        if (schema.isEmpty() || schema.get().mode() == EventSchema.Mode.OFF) {
            return null;
        }
        return schemas.violation(schema.get(), draft.raw)
                .filter(_ -> schema.get().mode() == EventSchema.Mode.ENFORCE)
                .map(violation ->
                        dead(draft, DeadLetterReason.SCHEMA_VIOLATION, violation.field(), violation.message()))
                .orElse(null);
    }

    private @Nullable Verdict page(Draft draft) {
        PageAddress page = PageAddress.of(draft.pageUrl);
        draft.put(ContextField.PAGE_URL, draft.pageUrl);
        draft.context.remove(ContextField.PAGE_PATH);
        derive(draft, ContextField.PAGE_PATH, page.path() == null ? draft.pagePath : page.path());
        draft.put(ContextField.REFERRER, draft.referrer);
        derive(draft, ContextField.REFERRER_HOST, PageAddress.of(draft.referrer).host());
        if (page.hasCampaign()) {
            derive(draft, ContextField.UTM_SOURCE, page.parameter("utm_source"));
            derive(draft, ContextField.UTM_MEDIUM, page.parameter("utm_medium"));
            derive(draft, ContextField.UTM_CAMPAIGN, page.parameter("utm_campaign"));
            derive(draft, ContextField.UTM_TERM, page.parameter("utm_term"));
            derive(draft, ContextField.UTM_CONTENT, page.parameter("utm_content"));
        }
        return null;
    }

    /** Puts what was found out, unless the caller said it, masked once more: it may have come out of an escaped form. */
    private static void derive(Draft draft, ContextField field, @Nullable String value) {
        draft.putIfAbsent(field, draft.intake.masking().text("context." + field.column(), value));
    }

    private @Nullable Verdict device(Draft draft) {
        if (draft.userAgent != null) {
            UserAgent agent = userAgents.parse(draft.userAgent);
            draft.put(ContextField.DEVICE_TYPE, agent.deviceType());
            draft.put(ContextField.BROWSER, agent.browser());
            draft.put(ContextField.BROWSER_VERSION, agent.browserVersion());
            if (agent.os() != null) {
                draft.put(ContextField.OS, agent.os());
                draft.put(ContextField.OS_VERSION, agent.osVersion());
            }
        }
        return null;
    }

    private @Nullable Verdict place(Draft draft) {
        if (draft.address != null) {
            Place place = geo.find(draft.address);
            draft.put(ContextField.COUNTRY, place.country());
            draft.put(ContextField.REGION, place.region());
            draft.put(ContextField.CITY, place.city());
        }
        return null;
    }

    private @Nullable Verdict retention(Draft draft) {
        draft.expiresOnEpochDay = expiry(draft.timestamp, draft.type, draft.intake);
        return null;
    }

    private static int expiry(long timestamp, String type, Intake intake) {
        Integer days = intake.retentionDays(type);
        return days == null
                ? Event.NEVER_EXPIRES
                : (int) Math.min(Math.floorDiv(timestamp, MILLIS_PER_DAY) + days, Event.NEVER_EXPIRES);
    }

    private Verdict dead(Draft draft, DeadLetterReason reason, String field, String message) {
        Intake intake = draft.intake;
        return new Verdict.DeadLettered(new DeadLetter(
                intake.tenant(),
                draft.id,
                draft.idAssigned,
                intake.receivedAt(),
                reason.wireName(),
                intake.masking().pathOf(field),
                intake.masking().nameOf(message),
                draft.type,
                Payloads.of(draft),
                intake.source(),
                0,
                expiry(intake.receivedAt(), draft.type, intake),
                intake.keyId()));
    }
}
