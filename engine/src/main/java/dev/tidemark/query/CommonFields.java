package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what several kinds of questions have in common. */
final class CommonFields {
    private CommonFields() {}

    static @Nullable Filter filter(Fields fields, QuestionContext context) {
        List<Filter> all = new ArrayList<>();
        read(context.lockedFilter(), "locked_filter", context, all);
        read(context.pickedFilter(), "filters", context, all);
        read(fields.node("filter"), "filter", context, all);
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.getFirst();
            default -> new Filter.And(all);
        };
    }

    private static void read(@Nullable JsonNode node, String path, QuestionContext context, List<Filter> all) {
        if (node != null && !node.isNull()) {
            all.add(FilterReader.read(node, path, context));
        }
    }

    static @Nullable Breakdown breakdown(Fields question) {
        if (!question.has("breakdown")) {
            return null;
        }
        Fields fields = Fields.of(question.required("breakdown"), "breakdown", List.of("property", "limit"));
        return new Breakdown(
                Fields.property(fields.requiredText("property"), fields.at("property")),
                fields.integer("limit", Breakdown.DEFAULT_LIMIT));
    }

    static @Nullable Comparison comparison(Fields fields) {
        Optional<String> word = fields.text("compare");
        if (word.isEmpty()) {
            return null;
        }
        return Arrays.stream(Comparison.values())
                .filter(candidate -> candidate.wireName().equals(word.get()))
                .findFirst()
                .orElseThrow(() -> Fields.invalid(
                        "compare",
                        "must be one of "
                                + Arrays.stream(Comparison.values())
                                        .map(Comparison::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    /** Null for {@code auto}. */
    static @Nullable Interval interval(Fields fields, QuestionContext context) {
        String overriding = context.interval();
        String word = overriding == null ? fields.text("interval").orElse("auto") : overriding;
        if (word.equals("auto")) {
            return null;
        }
        return Arrays.stream(Interval.values())
                .filter(candidate -> candidate.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid("interval", "must be one of minute, hour, day, week, month, auto"));
    }

    /** Of days, in field {@code period}. */
    static Interval period(Fields fields, Interval absent) {
        String word = fields.text("period").orElse(absent.wireName());
        return Arrays.stream(Interval.values())
                .filter(candidate ->
                        candidate.isOfDays() && candidate.wireName().equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid("period", "must be one of day, week, month"));
    }

    /** All names of UTC are one zone. */
    static ZoneId zone(Fields fields, QuestionContext context) {
        ZoneId zone = context.zone();
        Optional<String> id = fields.text("zone");
        if (id.isPresent()) {
            try {
                zone = ZoneId.of(id.get());
            } catch (DateTimeException e) {
                throw Fields.invalid(
                        "zone", "'" + Fields.abbreviated(id.get()) + "' is no time zone; write one as Europe/Berlin");
            }
        }
        return zone.normalized().equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
    }
}
