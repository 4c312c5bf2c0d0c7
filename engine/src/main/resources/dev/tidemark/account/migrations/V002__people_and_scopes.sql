ALTER TABLE tenants ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE tenants ADD COLUMN closed_at BIGINT;

ALTER TABLE access_keys ADD COLUMN scopes TEXT;
ALTER TABLE access_keys ADD COLUMN events_per_minute INTEGER;
ALTER TABLE access_keys ADD COLUMN expires_at BIGINT;

CREATE TABLE users
(
    user_id       TEXT    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT,
    identity      TEXT UNIQUE,
    administrator INTEGER NOT NULL,
    created_at    BIGINT  NOT NULL
);

CREATE TABLE memberships
(
    tenant_id  TEXT   NOT NULL REFERENCES tenants (tenant_id),
    user_id    TEXT   NOT NULL REFERENCES users (user_id),
    role       TEXT   NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

CREATE TABLE report_grants
(
    tenant_id TEXT NOT NULL REFERENCES tenants (tenant_id),
    report_id TEXT NOT NULL,
    holder    TEXT NOT NULL CHECK (holder IN ('user', 'role')),
    subject   TEXT NOT NULL,
    level     TEXT NOT NULL CHECK (level IN ('view', 'edit')),
    PRIMARY KEY (tenant_id, report_id, holder, subject)
);
