CREATE TABLE alerts
(
    alert_id   TEXT   NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    details    TEXT   NOT NULL,
    raised_at  BIGINT NOT NULL,
    cleared_at BIGINT
);

CREATE INDEX alerts_by_tenant ON alerts (tenant_id, raised_at);

CREATE TABLE alert_messages
(
    message_id TEXT    NOT NULL PRIMARY KEY,
    alert_id   TEXT    NOT NULL REFERENCES alerts (alert_id),
    tenant_id  TEXT    NOT NULL,
    event      TEXT    NOT NULL CHECK (event IN ('raised', 'cleared')),
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    problem    TEXT,
    made_at    BIGINT  NOT NULL
);

CREATE INDEX alert_messages_by_alert ON alert_messages (alert_id, made_at);
CREATE INDEX alert_messages_by_state ON alert_messages (state, next_at);
