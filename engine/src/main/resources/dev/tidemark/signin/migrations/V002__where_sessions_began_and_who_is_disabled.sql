ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

CREATE TABLE disabled_users
(
    user_id     TEXT   NOT NULL PRIMARY KEY,
    disabled_at BIGINT NOT NULL
);
