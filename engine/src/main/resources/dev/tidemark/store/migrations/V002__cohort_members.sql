CREATE TABLE IF NOT EXISTS cohort_members
(
    tenant_id LowCardinality(String),
    list_id   String CODEC(ZSTD(1)),
    person    UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant_id, list_id, person)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
