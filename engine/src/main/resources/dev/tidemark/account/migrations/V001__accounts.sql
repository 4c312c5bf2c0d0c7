CREATE TABLE tenants
(
    tenant_id    TEXT   NOT NULL PRIMARY KEY,
    settings     TEXT   NOT NULL,
    embed_secret TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE access_keys
(
    key_id       TEXT   NOT NULL PRIMARY KEY,
    tenant_id    TEXT   NOT NULL REFERENCES tenants (tenant_id),
    kind         TEXT   NOT NULL CHECK (kind IN ('write', 'secret')),
    name         TEXT   NOT NULL,
    key_hash     TEXT   NOT NULL UNIQUE,
    hint         TEXT   NOT NULL,
    origins      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

CREATE INDEX access_keys_by_tenant ON access_keys (tenant_id, created_at);

CREATE TABLE event_schemas
(
    tenant_id  TEXT    NOT NULL REFERENCES tenants (tenant_id),
    event_type TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    mode       TEXT    NOT NULL CHECK (mode IN ('off', 'warn', 'enforce')),
    json       TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (tenant_id, event_type, version)
);
