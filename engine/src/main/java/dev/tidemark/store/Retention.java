package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long a tenant's rows are kept, by event type.
 *
 * @param days of types that are not named; null for ever
 */
public record Retention(TenantId tenant, @Nullable Integer days, Map<String, Integer> daysByType) {
    private static final int FOR_EVER = 65_535;

    public Retention {
        daysByType = Map.copyOf(daysByType);
    }

    /** The day after which a row goes, in SQL, with placeholders of {@link #values}. */
    String expiry(String time) {
        String kept = daysByType.isEmpty()
                ? "{days:Int64}"
                : "transform(toString(event_type), {types:Array(String)}, {days_of:Array(Int64)}, {days:Int64})";
        return "toDate(toUInt16(least(toInt64(toUInt16(toDate(" + time + ", 'UTC'))) + " + kept + ", " + FOR_EVER
                + ")))";
    }

    Map<String, Object> values() {
        Map<String, Object> values = new TreeMap<>();
        values.put("tenant", tenant.value());
        values.put("days", days == null ? (long) FOR_EVER : (long) days);
        if (!daysByType.isEmpty()) {
            List<String> types = new ArrayList<>();
            List<Long> daysOf = new ArrayList<>();
            new TreeMap<>(daysByType).forEach((type, of) -> {
                types.add(type);
                daysOf.add((long) of);
            });
            values.put("types", types);
            values.put("days_of", daysOf);
        }
        return values;
    }
}
