package dev.tidemark.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.account.EmbedTokens;
import dev.tidemark.account.OriginRule;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import dev.tidemark.query.QuestionContext;
import dev.tidemark.query.QuestionReader;
import dev.tidemark.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an embedded report, checked; a failure names the field.
 *
 * @param lockedFilter in the question's JSON form, or null
 * @param controls what is left of the report's, in their JSON form, or null for all
 */
record EmbedRequest(
        @Nullable JsonNode lockedFilter,
        List<String> origins,
        String theme,
        Duration lifetime,
        List<String> pickers,
        @Nullable JsonNode controls) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> THEMES = List.of("auto", "light", "dark");
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,5})(px|%)?");
    private static final int MAX_PERCENT = 100;
    private static final int MAX_PICKERS = 50;
    private static final int MAX_PICKER = 255;

    /** From the parameters of a request. */
    static EmbedRequest ofQuery(Call call) {
        List<String> origins = call.queryParameter("origins")
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList())
                .orElse(List.of());
        return new EmbedRequest(
                null,
                OriginRule.checked(origins, "origins"),
                theme(call.queryParameter("theme").orElse("auto")),
                call.queryParameter("expires_in").map(EmbedRequest::lifetime).orElse(EmbedTokens.DEFAULT_LIFETIME),
                List.of(),
                null);
    }

    /** From the body of a request: {@code {"filter","origins","expires_in","theme","pickers","controls"}}, all of them optional. */
    static EmbedRequest ofBody(JsonNode body, Report report, QuestionContext context) {
        Call.onlyKnownFields(body, "", List.of("filter", "origins", "expires_in", "theme", "pickers", "controls"));
        JsonNode seconds = body.path("expires_in");
        return new EmbedRequest(
                body.hasNonNull("filter") ? filter(body.get("filter"), context) : null,
                OriginRule.checked(texts(body.path("origins"), "origins"), "origins"),
                theme(body.path("theme").asText("auto")),
                seconds.isMissingNode() ? EmbedTokens.DEFAULT_LIFETIME : lifetime(seconds.asText()),
                pickers(body.path("pickers")),
                controls(body.path("controls"), report));
    }

    /** A length of a frame's side: a number of pixels, or a percentage. */
    static String length(Call call, String name, String otherwise) {
        String given = call.queryParameter(name).orElse(otherwise);
        Matcher matcher = LENGTH.matcher(given);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(1)) == 0
                || ("%".equals(matcher.group(2)) && Integer.parseInt(matcher.group(1)) > MAX_PERCENT)) {
            throw invalid(name + " must be pixels or a percentage, as in 800, 800px or 100%", name);
        }
        return matcher.group(2) == null ? given + "px" : given;
    }

    static String theme(String theme) {
        if (!THEMES.contains(theme)) {
            throw invalid("theme must be auto, light or dark", "theme");
        }
        return theme;
    }

    private static Duration lifetime(String seconds) {
        if (!seconds.matches("\\d{1,9}")) {
            throw invalid("expires_in must be a number of seconds", "expires_in");
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    /** Reads a question with the filter, to find now what would spoil every widget later. */
    private static JsonNode filter(JsonNode filter, QuestionContext context) {
        ObjectNode probe = JSON.createObjectNode().put("type", "metric");
        probe.putArray("measures").addObject().put("name", "events").put("measure", "events");
        probe.putObject("range").put("last", "1d");
        probe.set("filter", filter);
        QuestionReader.read(probe, context);
        return filter;
    }

    private static @Nullable JsonNode controls(JsonNode node, Report report) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        report.controls().requireCovers(node, "controls");
        return node;
    }

    private static List<String> pickers(JsonNode node) {
        List<String> pickers = texts(node, "pickers");
        if (pickers.size() > MAX_PICKERS
                || pickers.stream().anyMatch(each -> each.isBlank() || each.length() > MAX_PICKER)) {
            throw invalid("pickers are at most " + MAX_PICKERS + " names of properties", "pickers");
        }
        return pickers;
    }

    private static List<String> texts(JsonNode node, String field) {
        if (!node.isMissingNode() && !node.isArray()) {
            throw invalid(field + " must be a list of texts", field);
        }
        List<String> texts = new ArrayList<>();
        node.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
