package dev.tidemark.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads funnels. */
final class FunnelReader {
    static final String[] KNOWN = {"steps", "window", "order", "entry", "count", "exclusions", "breakdown", "interval"};
    private static final Pattern WINDOW = Pattern.compile("(\\d{1,8})([smhdw])");

    private FunnelReader() {}

    static FunnelQuestion read(Fields fields, QuestionContext context) {
        ZoneId zone = CommonFields.zone(fields, context);
        boolean overTime = fields.has("interval");
        Interval chosen = overTime ? CommonFields.interval(fields, context) : null;
        TimeRange range = new RangeReader(context, zone).read(fields, chosen, overTime);
        Duration window = window(fields);
        Buckets buckets = overTime ? buckets(chosen, range, zone, context) : null;
        return new FunnelQuestion(
                steps(fields, context),
                CommonFields.filter(fields, context),
                range,
                zone,
                window,
                word(fields, FunnelQuestion.Order.class, "order"),
                word(fields, FunnelQuestion.Entry.class, "entry"),
                word(fields, FunnelQuestion.Counting.class, "count"),
                exclusions(fields, context),
                split(fields),
                buckets,
                buckets == null ? 0 : buckets.firstEndingAfter(context.now().minus(window)));
    }

    private static Buckets buckets(@Nullable Interval chosen, TimeRange range, ZoneId zone, QuestionContext context) {
        Interval interval = chosen == null ? Interval.suiting(range.endMillis() - range.startMillis()) : chosen;
        return Buckets.cut(range, interval, zone, context.weekStart());
    }

    private static List<FunnelQuestion.Step> steps(Fields funnel, QuestionContext context) {
        funnel.required("steps");
        List<JsonNode> nodes = funnel.list("steps");
        if (nodes.size() > FunnelQuestion.MAX_STEPS) {
            throw Fields.invalid("steps", "a funnel has at most " + FunnelQuestion.MAX_STEPS + " steps");
        }
        List<FunnelQuestion.Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Fields fields = Fields.of(nodes.get(i), "steps[" + i + "]", members("name"));
            Scope scope = ScopeReader.read(fields, context);
            String name = fields.text("name").orElseGet(() -> name(scope));
            if (fields.has("name") && (name.isBlank() || name.length() > FunnelQuestion.MAX_NAME)) {
                throw Fields.invalid(fields.at("name"), "must have 1 to " + FunnelQuestion.MAX_NAME + " characters");
            }
            steps.add(new FunnelQuestion.Step(scope, name));
        }
        return steps;
    }

    private static String name(Scope scope) {
        return scope.eventTypes().isEmpty() ? "any event" : String.join(" or ", scope.eventTypes());
    }

    private static List<FunnelQuestion.Exclusion> exclusions(Fields funnel, QuestionContext context) {
        List<JsonNode> nodes = funnel.list("exclusions");
        List<FunnelQuestion.Exclusion> exclusions = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Fields fields = Fields.of(nodes.get(i), "exclusions[" + i + "]", members("from", "to"));
            fields.required("from");
            fields.required("to");
            exclusions.add(new FunnelQuestion.Exclusion(
                    ScopeReader.read(fields, context), fields.integer("from", 0), fields.integer("to", 0)));
        }
        return exclusions;
    }

    private static List<String> members(String... more) {
        List<String> members = new ArrayList<>(ScopeReader.KNOWN);
        members.addAll(List.of(more));
        return members;
    }

    private static Duration window(Fields funnel) {
        if (!funnel.has("window")) {
            return FunnelQuestion.DEFAULT_WINDOW;
        }
        String text = funnel.requiredText("window");
        Matcher matcher = WINDOW.matcher(text);
        if (!matcher.matches()) {
            throw Fields.invalid(
                    "window", "'" + Fields.abbreviated(text) + "' must be a number with s, m, h, d or w, as in 7d");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            case 'd' -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
        };
    }

    private static FunnelQuestion.@Nullable Split split(Fields funnel) {
        if (!funnel.has("breakdown")) {
            return null;
        }
        Fields fields = Fields.of(funnel.required("breakdown"), "breakdown", List.of("property", "limit", "step"));
        Breakdown breakdown = new Breakdown(
                Fields.property(fields.requiredText("property"), fields.at("property")),
                fields.integer("limit", Breakdown.DEFAULT_LIMIT));
        JsonNode step = fields.node("step");
        if (step == null || step.asText().equals("first")) {
            return new FunnelQuestion.Split(breakdown, new FunnelQuestion.Split.At.Step(1));
        }
        if (step.isTextual() && step.asText().equals("last")) {
            return new FunnelQuestion.Split(breakdown, new FunnelQuestion.Split.At.Last());
        }
        if (!step.isIntegralNumber() || !step.canConvertToInt()) {
            throw Fields.invalid(fields.at("step"), "must be first, last or the number of a step");
        }
        return new FunnelQuestion.Split(breakdown, new FunnelQuestion.Split.At.Step(step.intValue()));
    }

    /** The first constant where the member is absent. */
    private static <E extends Enum<E>> E word(Fields fields, Class<E> words, String member) {
        List<E> constants = Arrays.asList(words.getEnumConstants());
        String word = fields.text(member).orElse(wireName(constants.getFirst()));
        return constants.stream()
                .filter(constant -> wireName(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> Fields.invalid(
                        member,
                        "must be one of "
                                + constants.stream().map(FunnelReader::wireName).collect(Collectors.joining(", "))));
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
