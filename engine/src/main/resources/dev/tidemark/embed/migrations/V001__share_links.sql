CREATE TABLE share_links
(
    share_id      TEXT   NOT NULL PRIMARY KEY,
    share_hash    TEXT   NOT NULL UNIQUE,
    tenant_id     TEXT   NOT NULL,
    report_id     TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    password_hash TEXT,
    locked_filter TEXT,
    pickers       TEXT   NOT NULL,
    theme         TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT,
    revoked_at    BIGINT
);

CREATE INDEX share_links_by_report ON share_links (tenant_id, report_id, created_at);
