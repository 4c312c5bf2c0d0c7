package dev.tidemark.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import dev.tidemark.query.Property;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of a report asks for instead of what its widgets say, or in addition; null leaves it to them.
 *
 * @param last a period that ends now, as in {@code 30d}; not together with {@code startTime} or {@code endTime}
 * @param breakdown a property, or {@link #NO_BREAKDOWN}
 * @param picks values of properties to which everything is limited
 */
public record Overrides(
        @Nullable String startTime,
        @Nullable String endTime,
        @Nullable String last,
        @Nullable String interval,
        @Nullable String breakdown,
        @Nullable Picks picks) {
    public static final Overrides NONE = new Overrides(null, null, null);

    /** Everything together, where a widget is broken down by itself. */
    public static final String NO_BREAKDOWN = "none";

    private static final int MAX_PARAMETER_LENGTH = 64;
    private static final int MAX_PROPERTY_LENGTH = 255;
    private static final List<String> INTERVALS = List.of("minute", "hour", "day", "week", "month", "auto");
    private static final Pattern LAST = Pattern.compile("[1-9]\\d{0,5}[mhdwM]");

    /** A period only. */
    public Overrides(@Nullable String startTime, @Nullable String endTime, @Nullable String interval) {
        this(startTime, endTime, null, interval, null, null);
    }

    /**
     * From the query parameters {@code start_time}, {@code end_time}, {@code last}, {@code interval}, {@code breakdown} and {@code
     * filters}. Fails with {@code INVALID_FIELD}.
     */
    public static Overrides of(Call call) {
        String start = parameter(call, "start_time");
        String end = parameter(call, "end_time");
        String filters = call.query().get("filters");
        return new Overrides(
                start,
                end,
                last(call, start != null || end != null),
                interval(call),
                breakdown(call.query().get("breakdown")),
                filters == null ? null : Picks.read(filters));
    }

    /** The question with what replaces parts of it; the question itself where nothing does. Not to be modified. */
    ObjectNode applied(Widget widget) {
        ObjectNode question = widget.question();
        boolean splits = breakdown != null && splits(widget);
        if (last == null && !splits) {
            return question;
        }
        ObjectNode changed = question.deepCopy();
        if (last != null) {
            changed.putObject("range").put("last", last);
        }
        if (splits) {
            split(changed, widget.type());
        }
        return changed;
    }

    /** Whether a question could not be read because of the range asked for, which is then wrong for every widget. */
    boolean areAtFault(TidemarkException failure) {
        String field = failure.field().orElse("");
        return (startTime != null && field.equals("start_time"))
                || (endTime != null && field.equals("end_time"))
                || (last != null && field.equals("last"));
    }

    /** The first parameter that concerns the period; null for none. */
    @Nullable
    String periodParameter() {
        return startTime != null
                ? "start_time"
                : endTime != null ? "end_time" : last != null ? "last" : interval != null ? "interval" : null;
    }

    /** The parameter that decides how long the period is; null for none. */
    @Nullable
    String rangeParameter() {
        return last != null ? "last" : startTime != null ? "start_time" : endTime != null ? "end_time" : null;
    }

    List<String> filteredProperties() {
        return picks == null ? List.of() : List.copyOf(picks.values().keySet());
    }

    /** Pictures of one number, and of things that are no groups of events, stay as they are. */
    private boolean splits(Widget widget) {
        return switch (widget.type()) {
            case TREND -> widget.display() != Widget.Display.NUMBER;
            // A table is nothing without its breakdowns.
            case TABLE -> !NO_BREAKDOWN.equals(breakdown);
            case FUNNEL, RETENTION -> true;
            case METRIC, COHORT, STICKINESS, PATHS -> false;
        };
    }

    private void split(ObjectNode question, Widget.Type type) {
        boolean none = NO_BREAKDOWN.equals(breakdown);
        if (type == Widget.Type.TABLE) {
            question.remove("offset");
            question.putArray("breakdowns").add(breakdown);
            if (question.path("sort").hasNonNull("breakdown")) {
                question.remove("sort");
            }
        } else if (none) {
            question.remove("breakdown");
        } else {
            ObjectNode split =
                    question.path("breakdown") instanceof ObjectNode own ? own : question.putObject("breakdown");
            split.put("property", breakdown);
        }
    }

    private static @Nullable String last(Call call, boolean hasTimes) {
        String text = parameter(call, "last");
        if (text != null && !LAST.matcher(text).matches()) {
            throw invalid("must be a number with m, h, d, w or M (months), as in 30d", "last");
        }
        if (text != null && hasTimes) {
            throw invalid("give either last, or start_time and end_time", "last");
        }
        return text;
    }

    private static @Nullable String interval(Call call) {
        String word = parameter(call, "interval");
        if (word != null && !INTERVALS.contains(word)) {
            throw invalid("must be one of " + String.join(", ", INTERVALS), "interval");
        }
        return word;
    }

    private static @Nullable String breakdown(@Nullable String text) {
        if (text != null
                && !text.equals(NO_BREAKDOWN)
                && (text.length() > MAX_PROPERTY_LENGTH || Property.parse(text).isEmpty())) {
            throw invalid("must be a property, as in country or properties.plan, or none", "breakdown");
        }
        return text;
    }

    private static @Nullable String parameter(Call call, String name) {
        String value = call.query().get(name);
        if (value != null && (value.isBlank() || value.length() > MAX_PARAMETER_LENGTH)) {
            throw invalid("must have 1 to " + MAX_PARAMETER_LENGTH + " characters", name);
        }
        return value;
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
