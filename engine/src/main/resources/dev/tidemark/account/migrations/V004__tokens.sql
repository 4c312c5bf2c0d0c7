CREATE TABLE token_issuers
(
    issuer_id    TEXT   NOT NULL PRIMARY KEY,
    tenant_id    TEXT   NOT NULL REFERENCES tenants (tenant_id),
    issuer       TEXT   NOT NULL,
    algorithm    TEXT   NOT NULL CHECK (algorithm IN ('HS256', 'RS256', 'ES256')),
    secret       TEXT,
    jwks_url     TEXT,
    audience     TEXT,
    tenant_claim TEXT   NOT NULL,
    role_claim   TEXT   NOT NULL,
    highest_role TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    UNIQUE (tenant_id, issuer)
);

CREATE TABLE embed_revocations
(
    tenant_id     TEXT   NOT NULL REFERENCES tenants (tenant_id),
    kind          TEXT   NOT NULL CHECK (kind IN ('token', 'report', 'share')),
    subject       TEXT   NOT NULL,
    issued_before BIGINT NOT NULL,
    forget_at     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
);

CREATE INDEX embed_revocations_by_end ON embed_revocations (forget_at);
