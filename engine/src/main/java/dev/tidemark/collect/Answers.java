package dev.tidemark.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.base.DeadLetter;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.EventId;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Problem;
import dev.tidemark.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What callers are told about their events. */
final class Answers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Reply SEGMENT_SUCCESS = Reply.text(200, "application/json", "{\"success\":true}");

    private Answers() {}

    static Reply of(Decided decided, Submission submission) {
        List<Verdict> verdicts = decided.verdicts();
        if (!decided.batch() && verdicts.getFirst() instanceof Verdict.Rejected rejected) {
            return refused(rejected, submission.correlationId());
        }
        return switch (submission.kind()) {
            case SEGMENT -> segment(verdicts);
            case DEAD_LETTERS -> written(out -> batch(out, verdicts, "id"), status(verdicts));
            case EVENTS ->
                decided.batch()
                        ? written(out -> batch(out, verdicts, "event_id"), status(verdicts))
                        : written(out -> single(out, verdicts.getFirst()), 202);
        };
    }

    private static Reply refused(Verdict.Rejected rejected, String correlationId) {
        ErrorCode code = switch (rejected.reason()) {
            case EVENT_TOO_LARGE -> ErrorCode.BODY_TOO_LARGE;
            case MALFORMED_JSON, NOT_AN_OBJECT -> ErrorCode.MALFORMED_BODY;
            default -> ErrorCode.INVALID_FIELD;
        };
        return written(
                        out -> {
                            out.writeStringField("type", "urn:tidemark:problem:" + code.wireName());
                            out.writeStringField("title", "Event rejected");
                            out.writeNumberField("status", Problem.status(code));
                            out.writeStringField("code", code.wireName());
                            out.writeStringField("detail", rejected.message());
                            reason(out, rejected);
                            out.writeStringField("correlation_id", correlationId);
                        },
                        Problem.status(code))
                .withHeader("Content-Type", "application/problem+json");
    }

    private static Reply segment(List<Verdict> verdicts) {
        if (verdicts.stream().noneMatch(Verdict.Rejected.class::isInstance)) {
            return SEGMENT_SUCCESS;
        }
        int status = status(verdicts) == 202 ? 200 : 400;
        return written(
                out -> {
                    out.writeBooleanField("success", status == 200);
                    out.writeArrayFieldStart("rejected");
                    for (int i = 0; i < verdicts.size(); i++) {
                        if (verdicts.get(i) instanceof Verdict.Rejected rejected) {
                            out.writeStartObject();
                            out.writeNumberField("index", i);
                            rejection(out, rejected);
                            out.writeEndObject();
                        }
                    }
                    out.writeEndArray();
                },
                status);
    }

    private static int status(List<Verdict> verdicts) {
        return verdicts.stream().allMatch(Verdict.Rejected.class::isInstance) ? 400 : 202;
    }

    private static void single(JsonGenerator out, Verdict verdict) throws IOException {
        outcome(out, verdict, "event_id");
    }

    private static void batch(JsonGenerator out, List<Verdict> verdicts, String idField) throws IOException {
        int rejected = 0;
        int deadLetters = 0;
        int duplicates = 0;
        int dropped = 0;
        for (Verdict verdict : verdicts) {
            switch (verdict) {
                case Verdict.Rejected _ -> rejected++;
                case Verdict.DeadLettered _ -> deadLetters++;
                case Verdict.Duplicate _ -> duplicates++;
                case Verdict.Dropped _ -> dropped++;
                case Verdict.Accepted _ -> {}
            }
        }
        boolean deposit = idField.equals("id");
        int good = verdicts.size() - rejected - dropped - (deposit ? 0 : deadLetters + duplicates);
        boolean whole = rejected == 0 && (deposit || deadLetters == 0);
        out.writeStringField(
                "status", whole ? "accepted" : good + duplicates + deadLetters + dropped == 0 ? "rejected" : "partial");
        out.writeNumberField("accepted", good);
        out.writeNumberField("rejected", rejected);
        if (!deposit) {
            out.writeNumberField("dead_letters", deadLetters);
            out.writeNumberField("duplicates", duplicates);
            if (dropped > 0) {
                out.writeNumberField("dropped", dropped);
            }
        }
        out.writeArrayFieldStart("results");
        for (int i = 0; i < verdicts.size(); i++) {
            out.writeStartObject();
            out.writeNumberField("index", i);
            outcome(out, verdicts.get(i), idField);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void outcome(JsonGenerator out, Verdict verdict, String idField) throws IOException {
        switch (verdict) {
            case Verdict.Accepted accepted ->
                outcome(
                        out,
                        idField,
                        accepted.event().id(),
                        "accepted",
                        accepted.event().timestampMillis());
            case Verdict.Duplicate duplicate -> outcome(out, idField, duplicate.id(), "duplicate", RawEvent.ABSENT);
            case Verdict.Dropped dropped -> outcome(out, idField, dropped.id(), "dropped", RawEvent.ABSENT);
            case Verdict.DeadLettered dead -> {
                DeadLetter letter = dead.deadLetter();
                if (idField.equals("id")) {
                    outcome(out, idField, letter.id(), "accepted", RawEvent.ABSENT);
                } else {
                    outcome(out, idField, letter.id(), "dead_letter", letter.receivedAtMillis());
                    told(out, letter.reason(), letter.field(), letter.message());
                }
            }
            case Verdict.Rejected rejected -> {
                out.writeStringField("status", "rejected");
                rejection(out, rejected);
            }
        }
    }

    private static void outcome(JsonGenerator out, String idField, EventId id, String status, long timestamp)
            throws IOException {
        out.writeStringField(idField, id.value());
        out.writeStringField("status", status);
        if (timestamp != RawEvent.ABSENT) {
            out.writeStringField("timestamp", Timestamps.format(timestamp));
        }
    }

    private static void rejection(JsonGenerator out, Verdict.Rejected rejected) throws IOException {
        told(out, rejected.reason().wireName(), rejected.field(), rejected.message());
    }

    private static void reason(JsonGenerator out, Verdict.Rejected rejected) throws IOException {
        out.writeStringField("reason", rejected.reason().wireName());
        if (!rejected.field().isEmpty()) {
            out.writeStringField("field", rejected.field());
        }
    }

    private static void told(JsonGenerator out, String reason, @Nullable String field, String message)
            throws IOException {
        out.writeStringField("reason", reason);
        if (field != null && !field.isEmpty()) {
            out.writeStringField("field", field);
        }
        out.writeStringField("message", message);
    }

    private static Reply written(Body body, int status) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            body.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer could not be written", e);
        }
        return Reply.bytes(status, "application/json", bytes.toByteArray());
    }

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }
}
