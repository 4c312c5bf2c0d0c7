CREATE TABLE audit_pending
(
    pending_id TEXT   NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    entry      TEXT   NOT NULL,
    begun_at   BIGINT NOT NULL
);

CREATE TABLE audit_entries
(
    tenant_id TEXT   NOT NULL,
    number    BIGINT NOT NULL,
    entry     TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, number)
);

CREATE TABLE audit_heads
(
    tenant_id TEXT   NOT NULL,
    number    BIGINT NOT NULL,
    hash      TEXT   NOT NULL,
    signed_at BIGINT NOT NULL,
    signature TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, number)
);
