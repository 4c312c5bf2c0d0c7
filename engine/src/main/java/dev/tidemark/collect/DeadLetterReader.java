package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.Event;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.base.UuidV7;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what importers deposit because they could not form events of it. Thread-safe. */
final class DeadLetterReader {
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.BODY_NESTING)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final int REASON_CHARS = 100;
    private static final int MESSAGE_CHARS = 1_000;

    private final UuidV7 ids;

    DeadLetterReader(UuidV7 ids) {
        this.ids = ids;
    }

    List<Verdict> read(byte[] body, Intake intake) {
        JsonNode list = parse(body).path("dead_letters");
        if (!list.isArray() || list.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.INVALID_FIELD, "must be an array of at least one dead letter", "dead_letters");
        }
        if (list.size() > Limits.EVENTS_PER_REQUEST) {
            throw new TidemarkException(
                    ErrorCode.BODY_TOO_LARGE,
                    "a request may hold at most " + Limits.EVENTS_PER_REQUEST + " dead letters",
                    "dead_letters");
        }
        List<Verdict> verdicts = new ArrayList<>(list.size());
        for (JsonNode each : list) {
            Reading reading = new Reading(each);
            DeadLetter letter = letter(reading, intake);
            verdicts.add(reading.fault == null ? new Verdict.DeadLettered(letter) : Verdict.Rejected.of(reading.fault));
        }
        return verdicts;
    }

    private static JsonNode parse(byte[] body) {
        if (Texts.encoding(body, 0, body.length) != Texts.Encoding.GOOD) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid UTF-8, or holds a NUL byte");
        }
        try {
            JsonNode node = JSON.readTree(body);
            if (node != null && node.isObject()) {
                return node;
            }
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body must be a JSON object");
        } catch (JsonProcessingException e) {
            throw BodyReader.malformed(e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.MALFORMED_BODY, "the body is not valid JSON", e);
        }
    }

    private DeadLetter letter(Reading from, Intake intake) {
        String id = from.text("id", Limits.ID_CHARS, false);
        boolean assigned = id == null || id.isEmpty();
        String type = from.text("event_type", Limits.EVENT_TYPE_CHARS, false);
        String field = from.text("field", Limits.ID_CHARS, false);
        MaskingRules rules = intake.masking();
        Integer days = type == null ? intake.settings().retentionDays() : intake.retentionDays(type);
        return new DeadLetter(
                intake.tenant(),
                new EventId(assigned || id == null ? ids.at(intake.receivedAt()).toString() : rules.identifier(id)),
                assigned,
                intake.receivedAt(),
                rules.nameOf(from.required("reason", REASON_CHARS)),
                field == null ? null : rules.pathOf(field),
                rules.nameOf(from.required("message", MESSAGE_CHARS)),
                type == null ? null : rules.nameOf(type),
                Payloads.of(from.payload(), rules),
                rules.nameOf(from.required("source", Limits.ID_CHARS)),
                from.line(),
                days == null
                        ? Event.NEVER_EXPIRES
                        : (int) Math.min(intake.receivedAt() / MILLIS_PER_DAY + days, Event.NEVER_EXPIRES),
                intake.keyId());
    }

    /** One dead letter being read, with the first thing that was wrong. */
    private static final class Reading {
        private final JsonNode node;
        private @Nullable Fault fault;

        Reading(JsonNode node) {
            this.node = node;
            if (!node.isObject()) {
                fault(RejectReason.NOT_AN_OBJECT, "", "a dead letter must be a JSON object");
            }
        }

        String required(String name, int maxChars) {
            String text = text(name, maxChars, true);
            return text == null ? "" : text;
        }

        @Nullable
        String text(String name, int maxChars, boolean required) {
            JsonNode value = node.path(name);
            if (value.isMissingNode() || value.isNull()) {
                if (required) {
                    fault(RejectReason.WRONG_TYPE, name, "must be a text");
                }
                return null;
            }
            if (!value.isTextual()) {
                fault(RejectReason.WRONG_TYPE, name, "must be a text");
                return null;
            }
            if (value.textValue().length() > maxChars) {
                fault(RejectReason.TEXT_TOO_LONG, name, "must have at most " + maxChars + " characters");
                return null;
            }
            if (!Texts.storable(value.textValue())) {
                fault(RejectReason.INVALID_TEXT, name, "the text holds a NUL or half of a surrogate pair");
                return null;
            }
            return value.textValue();
        }

        String payload() {
            JsonNode value = node.path("payload");
            String payload = value.isTextual() ? value.textValue() : value.isContainerNode() ? value.toString() : "";
            if (payload.length() > Limits.EVENT_BYTES) {
                fault(RejectReason.TEXT_TOO_LONG, "payload", "must have at most " + Limits.EVENT_BYTES + " characters");
                return "";
            }
            if (!Texts.storable(payload)) {
                fault(RejectReason.INVALID_TEXT, "payload", "the text holds a NUL or half of a surrogate pair");
                return "";
            }
            return payload;
        }

        long line() {
            JsonNode value = node.path("line");
            if (value.isMissingNode() || value.isNull()) {
                return 0;
            }
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                fault(RejectReason.WRONG_TYPE, "line", "must be a whole number, at least 0");
                return 0;
            }
            return value.longValue();
        }

        private void fault(RejectReason reason, String field, String message) {
            if (fault == null) {
                fault = new Fault(reason, field, message);
            }
        }
    }
}
