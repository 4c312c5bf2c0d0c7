package dev.tidemark.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Puts the answers of widgets together to that of a report, taking their JSON as it is. */
final class AnswerWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerWriter() {}

    /**
     * Writes the answer.
     *
     * @param controls what the reader may choose
     * @param outcomes one for each widget of the report, in its order
     * @param now the moment of generation where no widget has numbers
     */
    static ReportAnswer write(
            Report report, Controls controls, List<WidgetOutcome> outcomes, Instant now, String correlationId) {
        boolean stale = outcomes.stream().anyMatch(WidgetOutcome.Stale.class::isInstance);
        boolean failed = outcomes.stream().anyMatch(WidgetOutcome.Failed.class::isInstance);
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeStringField("report_id", report.id().value());
                json.writeStringField("report_name", report.name());
                json.writeStringField("generated_at", oldest(outcomes, now).toString());
                json.writeBooleanField("stale", stale);
                writeControls(json, controls);
                json.writeArrayFieldStart("widgets");
                for (int index = 0; index < outcomes.size(); index++) {
                    write(json, report.widgets().get(index), outcomes.get(index), correlationId);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            return new ReportAnswer(
                    bytes.toByteArray(), failed ? "" : entityTag(report, controls, outcomes, stale), stale);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "an answer could not be written as JSON", e);
        }
    }

    private static void writeControls(JsonGenerator json, Controls controls) throws IOException {
        if (!controls.isNone()) {
            json.writeFieldName("controls");
            json.writeRawValue(controls.toJson().toString());
        }
    }

    private static void write(JsonGenerator json, Widget widget, WidgetOutcome outcome, String correlationId)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("widget_id", widget.id());
        json.writeStringField("type", widget.type().wireName());
        json.writeStringField("title", widget.title());
        json.writeStringField("display", widget.display().wireName());
        json.writeObjectFieldStart("layout");
        json.writeNumberField("x", widget.layout().x());
        json.writeNumberField("y", widget.layout().y());
        json.writeNumberField("w", widget.layout().w());
        json.writeNumberField("h", widget.layout().h());
        json.writeEndObject();
        switch (outcome) {
            case WidgetOutcome.Fresh fresh -> data(json, fresh.result());
            case WidgetOutcome.Stale stale -> data(json, stale.result());
            case WidgetOutcome.Failed failed ->
                json.writePOJOField("error", Problem.body(failed.failure(), correlationId));
        }
        json.writeEndObject();
    }

    private static void data(JsonGenerator json, CachedResult result) throws IOException {
        json.writeFieldName("data");
        json.writeRawValue(new String(result.json(), StandardCharsets.UTF_8));
    }

    private static Instant oldest(List<WidgetOutcome> outcomes, Instant now) {
        Instant oldest = now;
        for (WidgetOutcome outcome : outcomes) {
            Instant askedAt = switch (outcome) {
                case WidgetOutcome.Fresh fresh -> fresh.result().askedAt();
                case WidgetOutcome.Stale stale -> stale.result().askedAt();
                case WidgetOutcome.Failed _ -> now;
            };
            oldest = askedAt.isBefore(oldest) ? askedAt : oldest;
        }
        return oldest;
    }

    private static String entityTag(Report report, Controls controls, List<WidgetOutcome> outcomes, boolean stale) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((report.id() + "/" + report.version() + "/" + stale + "/" + controls)
                    .getBytes(StandardCharsets.UTF_8));
            for (WidgetOutcome outcome : outcomes) {
                String hash = switch (outcome) {
                    case WidgetOutcome.Fresh fresh -> fresh.result().contentHash();
                    case WidgetOutcome.Stale old -> old.result().contentHash();
                    case WidgetOutcome.Failed _ -> "";
                };
                digest.update(hash.getBytes(StandardCharsets.UTF_8));
            }
            return "W/\"" + HexFormat.of().formatHex(digest.digest(), 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new TidemarkException(ErrorCode.INTERNAL, "SHA-256 is missing", e);
        }
    }
}
