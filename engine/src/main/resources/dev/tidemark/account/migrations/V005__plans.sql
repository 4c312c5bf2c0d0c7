CREATE TABLE plans
(
    plan_id TEXT NOT NULL PRIMARY KEY,
    limits  TEXT NOT NULL
);

CREATE TABLE tenant_plans
(
    tenant_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (tenant_id),
    plan_id   TEXT NOT NULL,
    overrides TEXT NOT NULL
);

CREATE TABLE queries_by_day
(
    tenant_id TEXT   NOT NULL REFERENCES tenants (tenant_id),
    day       BIGINT NOT NULL,
    queries   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

CREATE INDEX queries_by_day_by_day ON queries_by_day (day);
