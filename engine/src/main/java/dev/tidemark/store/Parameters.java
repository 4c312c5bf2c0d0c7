package dev.tidemark.store;

import dev.tidemark.base.TenantId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one statement of one tenant, shared by its nested selects. Every value reaches the engine this way, never as SQL
 * text. Not thread-safe.
 */
public final class Parameters {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final TenantId tenant;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private boolean narrowed;

    public Parameters(TenantId tenant) {
        this.tenant = tenant;
    }

    public TenantId tenant() {
        return tenant;
    }

    /** Adds a text and returns its placeholder. */
    public String text(String value) {
        return add("String", value);
    }

    public String number(double value) {
        return add("Float64", value);
    }

    public String integer(long value) {
        return add("Int64", value);
    }

    /** A moment to the millisecond, in UTC, as the engine compares event times with. */
    public String moment(Instant value) {
        return add("DateTime64(3, 'UTC')", MOMENT.format(value));
    }

    /** The same to the second, as the buckets of rollups are. */
    public String second(Instant value) {
        return add("DateTime('UTC')", SECOND.format(value));
    }

    public String day(LocalDate value) {
        return add("Date", value.toString());
    }

    /** An unsigned number of up to 128 bits. */
    public String wide(BigInteger value) {
        return add("UInt128", value.toString());
    }

    public String texts(List<String> value) {
        return add("Array(String)", List.copyOf(value));
    }

    public String integers(List<Long> value) {
        return add("Array(Int64)", List.copyOf(value));
    }

    public String numbers(List<Double> value) {
        return add("Array(Float64)", new ArrayList<>(value));
    }

    String tenantPlaceholder() {
        values.put("tenant", tenant.value());
        return "{tenant:String}";
    }

    /** Notes what a select with these parameters reads. */
    void reads(Reading reading) {
        readings.add(reading);
    }

    /** Notes that a select with these parameters leaves out rows of what it reads that the table's key does not tell apart. */
    void narrows() {
        narrowed = true;
    }

    boolean narrowed() {
        return narrowed;
    }

    List<Reading> readings() {
        return List.copyOf(readings);
    }

    Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    private String add(String type, Object value) {
        String name = "p" + values.size();
        values.put(name, value);
        return "{" + name + ":" + type + "}";
    }
}
