package dev.tidemark.account.quota;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.base.ErrorCode;
import dev.tidemark.base.TidemarkException;
import dev.tidemark.http.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of limits: {@code {"events_per_second", "events_burst", "events_per_month", "storage_bytes", "queries_per_minute",
 * "concurrent_queries", "viewers", "soft_percent"}}, each left out where nothing is said, null for unlimited.
 */
final class LimitsJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BURST = "events_burst";
    private static final String SOFT = "soft_percent";
    private static final List<String> MEMBERS = members();
    /** Beyond what anybody has, and far from where sums would overflow. */
    private static final long MOST = 1_000_000_000_000_000L;

    private static final long MOST_PER_SECOND = 1_000_000_000L;
    private static final int PERCENT = 100;

    private LimitsJson() {}

    /** What is said, and nothing else. */
    static ObjectNode said(Limits limits) {
        ObjectNode node = JSON.createObjectNode();
        for (Limit limit : Limit.values()) {
            Long value = limits.said().get(limit);
            if (value != null) {
                node.put(limit.wireName(), value == Limits.UNLIMITED ? null : value);
            }
        }
        if (limits.burst() != null) {
            node.put(BURST, limits.burst());
        }
        if (limits.softPercent() != null) {
            node.put(SOFT, limits.softPercent());
        }
        return node;
    }

    /** What holds, all of it. */
    static ObjectNode whole(Limits limits) {
        ObjectNode node = JSON.createObjectNode();
        for (Limit limit : Limit.values()) {
            node.put(limit.wireName(), limits.hard(limit));
        }
        Long perSecond = limits.hard(Limit.EVENTS_PER_SECOND);
        node.put(BURST, perSecond == null ? null : limits.burstOrDefault(perSecond));
        node.put(SOFT, limits.softPercent() == null ? Limits.DEFAULT_SOFT_PERCENT : limits.softPercent());
        return node;
    }

    /** Reads what is said; a failure names the field. */
    static Limits read(JsonNode node, String at) {
        if (!node.isObject()) {
            throw invalid("must be an object", at);
        }
        Call.onlyKnownFields(node, at, MEMBERS);
        Map<Limit, Long> said = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            JsonNode value = node.path(limit.wireName());
            if (value.isNull()) {
                said.put(limit, Limits.UNLIMITED);
            } else if (!value.isMissingNode()) {
                long most = limit == Limit.EVENTS_PER_SECOND ? MOST_PER_SECOND : MOST;
                said.put(
                        limit,
                        number(value, least(limit), most, at + "." + limit.wireName(), ", or null for unlimited"));
            }
        }
        return new Limits(said, burst(node.path(BURST), at + "." + BURST), soft(node.path(SOFT), at + "." + SOFT));
    }

    static Limits parse(String text) {
        try {
            return read(JSON.readTree(text), "limits");
        } catch (JsonProcessingException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "stored limits are not JSON", e);
        }
    }

    /** None of these at all is a way to shut a tenant out; rates need something to fill with. */
    private static long least(Limit limit) {
        return switch (limit) {
            case EVENTS_PER_SECOND, QUERIES_PER_MINUTE -> 1;
            case EVENTS_PER_MONTH, STORAGE_BYTES, CONCURRENT_QUERIES, VIEWERS -> 0;
        };
    }

    private static @Nullable Long burst(JsonNode node, String at) {
        return node.isMissingNode() || node.isNull() ? null : number(node, Limits.LEAST_BURST, MOST_PER_SECOND, at, "");
    }

    private static @Nullable Integer soft(JsonNode node, String at) {
        return node.isMissingNode() || node.isNull() ? null : (int) number(node, 1, PERCENT, at, "");
    }

    private static long number(JsonNode node, long least, long most, String at, String further) {
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() < least
                || node.longValue() > most) {
            throw invalid("must be a whole number from " + least + " to " + most + further, at);
        }
        return node.longValue();
    }

    private static List<String> members() {
        List<String> members = new ArrayList<>(Limit.wireNames());
        members.add(BURST);
        members.add(SOFT);
        return List.copyOf(members);
    }

    private static TidemarkException invalid(String message, String field) {
        return new TidemarkException(ErrorCode.INVALID_FIELD, message, field);
    }
}
