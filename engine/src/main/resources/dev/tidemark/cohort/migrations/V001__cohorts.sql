CREATE TABLE cohorts
(
    tenant_id   TEXT   NOT NULL,
    cohort_id   TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    description TEXT   NOT NULL,
    definition  TEXT,
    list_id     TEXT,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, cohort_id)
);

CREATE TABLE abandoned_lists
(
    tenant_id TEXT NOT NULL,
    list_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, list_id)
);
