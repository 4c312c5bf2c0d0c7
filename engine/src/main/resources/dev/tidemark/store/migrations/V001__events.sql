CREATE TABLE IF NOT EXISTS events
(
    tenant_id         LowCardinality(String) CODEC(ZSTD(1)),
    event_type        LowCardinality(String) CODEC(ZSTD(1)),
    ts                DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    event_id          String CODEC(ZSTD(1)),
    user_id           String CODEC(ZSTD(1)),
    anonymous_id      String CODEC(ZSTD(1)),
    person            UInt64 CODEC(ZSTD(1)),
    session_id        String CODEC(ZSTD(1)),
    page_url          String CODEC(ZSTD(1)),
    page_path         LowCardinality(String) CODEC(ZSTD(1)),
    page_title        LowCardinality(String) CODEC(ZSTD(1)),
    referrer          String CODEC(ZSTD(1)),
    referrer_host     LowCardinality(String) CODEC(ZSTD(1)),
    utm_source        LowCardinality(String) CODEC(ZSTD(1)),
    utm_medium        LowCardinality(String) CODEC(ZSTD(1)),
    utm_campaign      LowCardinality(String) CODEC(ZSTD(1)),
    utm_term          LowCardinality(String) CODEC(ZSTD(1)),
    utm_content       LowCardinality(String) CODEC(ZSTD(1)),
    country           LowCardinality(String) CODEC(ZSTD(1)),
    region            LowCardinality(String) CODEC(ZSTD(1)),
    city              LowCardinality(String) CODEC(ZSTD(1)),
    device_type       LowCardinality(String) CODEC(ZSTD(1)),
    browser           LowCardinality(String) CODEC(ZSTD(1)),
    browser_version   LowCardinality(String) CODEC(ZSTD(1)),
    os                LowCardinality(String) CODEC(ZSTD(1)),
    os_version        LowCardinality(String) CODEC(ZSTD(1)),
    locale            LowCardinality(String) CODEC(ZSTD(1)),
    app_version       LowCardinality(String) CODEC(ZSTD(1)),
    sdk               LowCardinality(String) CODEC(ZSTD(1)),
    props_str         Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    props_num         Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    props_bool        Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    user_str          Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    user_num          Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    user_bool         Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    journal_partition UInt16,
    journal_offset    UInt64 CODEC(Delta, ZSTD(1)),
    expires_on        Date
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (tenant_id, toDate(ts), event_type, ts)
TTL expires_on
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, ttl_only_drop_parts = 0, merge_selector_base = 10;

CREATE TABLE IF NOT EXISTS rollup_minute
(
    tenant_id  LowCardinality(String),
    event_type LowCardinality(String),
    bucket     DateTime('UTC'),
    events     SimpleAggregateFunction(sum, UInt64),
    persons    AggregateFunction(uniqCombined64If(17), UInt64, UInt8),
    sessions   AggregateFunction(uniqCombined64If(17), String, UInt8),
    expires_on SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (tenant_id, event_type, bucket)
TTL least(toDate(bucket) + 8, expires_on)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS rollup_hour
(
    tenant_id  LowCardinality(String),
    event_type LowCardinality(String),
    bucket     DateTime('UTC'),
    events     SimpleAggregateFunction(sum, UInt64),
    persons    AggregateFunction(uniqCombined64If(17), UInt64, UInt8),
    sessions   AggregateFunction(uniqCombined64If(17), String, UInt8),
    expires_on SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (tenant_id, event_type, bucket)
TTL expires_on
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_minute_view TO rollup_minute AS
SELECT
    tenant_id,
    event_type,
    toStartOfMinute(toDateTime(ts, 'UTC')) AS bucket,
    count() AS events,
    uniqCombined64IfState(17)(person, person != 0) AS persons,
    uniqCombined64IfState(17)(session_id, session_id != '') AS sessions,
    max(expires_on) AS expires_on
FROM events
GROUP BY tenant_id, event_type, bucket;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_hour_view TO rollup_hour AS
SELECT
    tenant_id,
    event_type,
    toStartOfHour(toDateTime(ts, 'UTC')) AS bucket,
    count() AS events,
    uniqCombined64IfState(17)(person, person != 0) AS persons,
    uniqCombined64IfState(17)(session_id, session_id != '') AS sessions,
    max(expires_on) AS expires_on
FROM events
GROUP BY tenant_id, event_type, bucket;

CREATE TABLE IF NOT EXISTS profiles
(
    tenant_id  LowCardinality(String),
    user_id    String,
    user_str   Map(LowCardinality(String), String),
    user_num   Map(LowCardinality(String), Float64),
    user_bool  Map(LowCardinality(String), Bool),
    updated_at DateTime64(3, 'UTC'),
    position   UInt64
)
ENGINE = ReplacingMergeTree(position)
ORDER BY (tenant_id, user_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS profiles_view TO profiles AS
SELECT tenant_id, user_id, user_str, user_num, user_bool, received_at AS updated_at, journal_offset AS position
FROM events
WHERE event_type = 'identify' AND user_id != '';

CREATE TABLE IF NOT EXISTS dead_letters
(
    tenant_id         LowCardinality(String),
    received_at       DateTime64(3, 'UTC'),
    dead_letter_id    String,
    reason            LowCardinality(String),
    field             String,
    message           String,
    event_type        LowCardinality(String),
    payload           String CODEC(ZSTD(1)),
    source            LowCardinality(String),
    line              UInt64,
    journal_partition UInt16,
    journal_offset    UInt64,
    expires_on        Date
)
ENGINE = MergeTree
ORDER BY (tenant_id, received_at, dead_letter_id)
TTL expires_on
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
