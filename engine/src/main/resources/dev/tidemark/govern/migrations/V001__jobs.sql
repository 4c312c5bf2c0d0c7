CREATE TABLE jobs
(
    job_id     TEXT   NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    request    TEXT   NOT NULL,
    progress   TEXT   NOT NULL,
    problem    TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX jobs_by_tenant ON jobs (tenant_id, created_at);
CREATE INDEX jobs_by_state ON jobs (state);
