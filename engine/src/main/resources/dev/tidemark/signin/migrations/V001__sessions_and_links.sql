CREATE TABLE sessions
(
    session_hash TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL,
    tenant_id    TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE one_time_links
(
    link_id    TEXT   NOT NULL PRIMARY KEY,
    link_hash  TEXT   NOT NULL UNIQUE,
    purpose    TEXT   NOT NULL CHECK (purpose IN ('setup', 'invitation', 'password')),
    tenant_id  TEXT,
    role       TEXT,
    email      TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

CREATE INDEX one_time_links_by_tenant ON one_time_links (tenant_id, created_at);
