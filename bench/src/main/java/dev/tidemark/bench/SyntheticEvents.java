package dev.tidemark.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The statements that fill a store with events of many tenants, made by the engine itself from a row of numbers. Tenants are
 * of Zipf's sizes (exponent 0.9: of 1,000 the largest has a tenth, the 340th one in two thousand); a tenant has a person for every 20 events,
 * busy and idle ones; six numbers in a row are a session of one person, of which every fourth loses its first event to a session of one.
 * The same arguments make the same events.
 *
 * @param until the end of their time; the start is 90 days earlier
 */
record SyntheticEvents(long events, int tenants, long seed, Instant until) {
    static final Duration SPAN = Duration.ofDays(90);
    private static final Duration MINUTES_KEPT = Duration.ofDays(9);
    private static final double EXPONENT = 0.9;
    private static final int SLOTS = 1 << 15;
    private static final int EVENTS_OF_A_PERSON = 20;
    private static final long LONGEST_SESSION_MILLIS = 600_000;
    private static final String INSERT = """
            INSERT INTO events (tenant_id, event_type, ts, received_at, event_id, user_id, anonymous_id, person, session_id, page_url,
                page_path, referrer_host, utm_source, country, city, device_type, browser, os, locale, sdk, props_str, props_num, user_str,
                journal_partition, journal_offset, expires_on)
            WITH
                intDiv(number, 6) AS session,
                number % 6 AS place,
                cityHash64(session, $seed) AS a,
                cityHash64(a, 1) AS b,
                cityHash64(number, $seed) AS c,
                [$slots][1 + bitAnd(a, $mask)] AS tenant,
                [$persons][tenant] AS persons,
                (bitAnd(b, 65535) / 65536) AS luck,
                toUInt32(persons * luck * luck) AS who,
                bitAnd(bitShiftRight(b, 16), 3) = 0 AND place = 0 AS alone,
                $from + intDiv(bitAnd(bitShiftRight(a, 24), 4294967295) * $span, 4294967296) AS begun,
                fromUnixTimestamp64Milli(toInt64(begun + place * 30000 + bitAnd(c, 16383)), 'UTC') AS at,
                bitAnd(bitShiftRight(c, 16), 127) AS kind,
                multiIf(kind < 70, 'page_view', kind < 86, 'play', kind < 98, 'add_to_cart', kind < 103, 'purchase', kind < 107, 'signup',
                    kind < 117, 'search', kind < 123, 'login', 'logout') AS type,
                (bitAnd(bitShiftRight(c, 24), 255) / 256) AS page_luck,
                concat('/p/', toString(toUInt8(60 * page_luck * page_luck))) AS path,
                concat('user-', toString(who)) AS name,
                who % 3 = 0 AS unknown,
                ['DE', 'US', 'FR', 'GB', 'BR', 'IN', 'JP', 'ES', 'IT', 'NL', 'SE', 'PL', 'CA', 'AU', ''][1 + cityHash64(who, tenant) % 15] AS land,
                bitAnd(bitShiftRight(b, 20), 7) AS gear,
                ['free', 'pro', 'team'][1 + who % 3] AS plan
            SELECT
                concat('t', leftPad(toString(tenant), 4, '0')),
                type,
                at,
                at,
                concat('e-', toString(number)),
                if(unknown, '', name),
                if(unknown, name, ''),
                xxHash64(concat(if(unknown, 'a', 'u'), name)),
                concat('s-', toString(session), if(alone, '-0', '')),
                concat('https://shop.example', path),
                path,
                ['', 'search.example', 'news.example', 'social.example'][1 + bitAnd(a, 3)],
                ['', '', 'newsletter', 'ads'][1 + bitAnd(bitShiftRight(a, 2), 3)],
                land,
                if(land = '', '', concat(land, '-', toString(who % 5))),
                ['desktop', 'mobile', 'mobile', 'tablet'][1 + bitAnd(gear, 3)],
                ['Chrome', 'Safari', 'Firefox', 'Edge'][1 + bitAnd(bitShiftRight(b, 24), 3)],
                ['Windows', 'iOS', 'Android', 'macOS'][1 + bitAnd(bitShiftRight(b, 26), 3)],
                'en',
                'js/1.0',
                map('category', ['books', 'music', 'games', 'tools'][1 + bitAnd(bitShiftRight(c, 32), 3)], 'plan', plan),
                if(type IN ('purchase', 'add_to_cart', 'play'), map('amount', toFloat64(1 + bitAnd(bitShiftRight(c, 34), 255))),
                    CAST(map(), 'Map(LowCardinality(String), Float64)')),
                if(unknown, CAST(map(), 'Map(LowCardinality(String), String)'), map('plan', plan)),
                0,
                number,
                toDate(at, 'UTC') + 3650
            FROM numbers_mt($first, $count)
            """;

    SyntheticEvents {
        until = until.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The name of the tenant of a rank; 1 is the largest. */
    static String tenant(int rank) {
        return String.format("t%04d", rank);
    }

    /** One statement for each part of at most some number of events that lies within a month; together they make all events. */
    List<Insert> inserts(long largest) {
        List<Insert> inserts = new ArrayList<>();
        long start = until.minus(SPAN).toEpochMilli();
        long end = until.toEpochMilli();
        long first = 0;
        long at = start;
        while (at < end) {
            YearMonth month = YearMonth.from(Instant.ofEpochMilli(at).atOffset(ZoneOffset.UTC));
            long next = month.plusMonths(1)
                    .atDay(1)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
            long to = Math.min(next, end);
            long last = to == end ? events : Math.round((double) events * (to - start) / (end - start));
            for (long from = first; from < last; from += largest) {
                boolean old = to <= end - MINUTES_KEPT.toMillis();
                long count = Math.min(largest, last - from);
                inserts.add(new Insert(sql(from, count, at, to), token(from, count), count, old));
            }
            first = last;
            at = to;
        }
        return inserts;
    }

    private String token(long first, long count) {
        return String.join(
                "-",
                Long.toUnsignedString(seed),
                Long.toString(until.getEpochSecond()),
                Long.toString(first),
                Long.toString(count));
    }

    private String sql(long first, long count, long from, long to) {
        return INSERT.replace("$seed", Long.toUnsignedString(seed))
                .replace("$slots", slots())
                .replace("$mask", Integer.toString(SLOTS - 1))
                .replace("$persons", persons())
                .replace("$from", Long.toString(from))
                .replace("$span", Long.toString(Math.max(1, to - from - LONGEST_SESSION_MILLIS)))
                .replace("$first", Long.toString(first))
                .replace("$count", Long.toString(count));
    }

    /** Tenants by slot, each with as many slots as suits its share. */
    private String slots() {
        double[] upTo = new double[tenants];
        double total = 0;
        for (int rank = 1; rank <= tenants; rank++) {
            total += Math.pow(rank, -EXPONENT);
            upTo[rank - 1] = total;
        }
        StringBuilder text = new StringBuilder();
        int rank = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            double place = (slot + 0.5) / SLOTS * total;
            while (upTo[rank] < place) {
                rank++;
            }
            text.append(slot == 0 ? "" : ",").append(rank + 1);
        }
        return text.toString();
    }

    private String persons() {
        double total = LongStream.rangeClosed(1, tenants)
                .mapToDouble(rank -> Math.pow(rank, -EXPONENT))
                .sum();
        return LongStream.rangeClosed(1, tenants)
                .map(rank -> Math.max(5, Math.round(events * Math.pow(rank, -EXPONENT) / total / EVENTS_OF_A_PERSON)))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(","));
    }

    /**
     * A statement and how many events it makes.
     *
     * @param token names it among all statements, so that the engine knows it when it comes again
     * @param old whether the rollup by minute would have dropped what it made of them
     */
    record Insert(String sql, String token, long events, boolean old) {}
}
