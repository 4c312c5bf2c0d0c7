CREATE TABLE IF NOT EXISTS letters
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
    key_id            LowCardinality(String),
    journal_partition UInt16,
    journal_offset    UInt64,
    expires_on        Date,
    state             LowCardinality(String) DEFAULT 'open',
    attempts          UInt32,
    changed_at        DateTime64(3, 'UTC'),
    outcome           String,
    version           UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant_id, received_at, dead_letter_id, journal_partition, journal_offset)
TTL expires_on
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

INSERT INTO letters (tenant_id, received_at, dead_letter_id, reason, field, message, event_type, payload, source, line, journal_partition, journal_offset, expires_on)
SELECT tenant_id, received_at, dead_letter_id, reason, field, message, event_type, payload, source, line, journal_partition, journal_offset, expires_on
FROM dead_letters;

TRUNCATE TABLE IF EXISTS dead_letters;
